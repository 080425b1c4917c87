using Bitloom.Compiler.Operators;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>Operators of classifiers, appended to a draft; each returns the name of the tensor that it made.</summary>
internal sealed class RandomClassifierLayers(GraphDraft draft, RandomValues values)
{
    /// <summary>An operator without sums, which every engine computes to the last bit.</summary>
    internal string Exact(string x) => values.Random.Next(7) switch
    {
        0 => draft.Add(new Clip(-1.5f, 2), x),
        1 => draft.Add(new HardSigmoid(0.25f, 0.5f), x),
        2 => draft.Add(new HardSwish(), x),
        3 => draft.Add(new Multiply(), x, draft.Add(new Clip(0, 1), x)),
        5 => Gated(x),
        4 => draft.Add(Resize.By(values.Pick(1, 2, 3), values.Pick(1, 2), ResizeMethod.Nearest, ResizeCoordinates.Asymmetric), x),
        _ => MaximumPool(x),
    };

    /// <summary>An operator whose result engines may round differently.</summary>
    internal string Rounded(string x) => values.Random.Next(6) switch
    {
        0 => draft.Add(new Sigmoid(), x),
        1 => draft.Add(new Gelu(), x),
        2 => draft.Add(new Softmax(), x),
        3 => draft.Add(new GlobalAveragePool(), x),
        4 => draft.Add(Resize.To(values.Pick(1, 5, 12), values.Pick(1, 7, 19), Method(), Coordinates()), x),
        _ => draft.Add(Resize.By(values.Pick(1, 2, 3), values.Pick(1, 2), Method(), Coordinates()), x),
    };

    /// <summary>The channel with the largest value.</summary>
    internal string Choice(string x) => draft.Add(new ArgMax(), x);

    // Two branches; the first pixel chooses.
    private string Gated(string x)
    {
        if (draft.Shapes[x].Channels < 2) return MaximumPool(x);
        string scores = draft.Add(Resize.To(1, 1, ResizeMethod.Nearest, ResizeCoordinates.Asymmetric), draft.Add(SelectChannels.Slice(0, 2), x));
        string first = draft.Add(new HardSwish(), draft.Add(new Relu(), x)), second = draft.Add(new Clip(-1, 2), x);
        return draft.Add(new Gate(["first", "second"]), scores, first, values.Chance(0.2) ? x : second);
    }

    private string MaximumPool(string x)
    {
        int rows = values.Pick(1, 2, 3), columns = values.Pick(2, 3, 4);
        var window = new Window(
            values.Pick(1, 2, 3), values.Pick(1, 2, 3), values.Random.Next(rows), values.Random.Next(columns), values.Random.Next(rows), values.Random.Next(columns));
        return draft.Add(new MaxPool((rows, columns), window), x);
    }

    private ResizeMethod Method() => values.Pick(ResizeMethod.Bilinear, ResizeMethod.Bicubic);

    private ResizeCoordinates Coordinates() => values.Pick(ResizeCoordinates.HalfPixel, ResizeCoordinates.AlignCorners, ResizeCoordinates.Asymmetric);
}

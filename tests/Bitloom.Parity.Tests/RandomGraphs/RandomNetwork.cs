using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.Harness;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>
/// Draws networks of the operators that BBCU needs: units with residuals in all their forms, up-sampling, concatenation,
/// full-precision convolutions, tensors with several readers, several outputs, and image sizes down to one pixel.
/// The seed decides everything.
/// </summary>
internal sealed class RandomNetwork
{
    // The cases of Step that every engine must compute to the last bit come first.
    private const int ExactSteps = 16;
    private const int AllSteps = 22;

    // Even, so that the kind of values stays the seed's.
    private const int NextAttempt = 1_000_000;

    // An image of this size is enough for every network, if any is.
    private const int LargestSize = 512;

    private readonly GraphDraft _draft = new();
    private readonly RandomValues _values;
    private readonly GraphKind _kind;
    private readonly RandomLayers _layers;
    private readonly RandomDimensionLayers _dimensions;
    private readonly RandomClassifierLayers _classifier;

    private RandomNetwork(int seed, GraphKind kind)
    {
        _values = new RandomValues(seed, isShort: seed % 2 == 0);
        _kind = kind;
        _layers = new RandomLayers(_draft, _values);
        _dimensions = new RandomDimensionLayers(_draft, _values);
        _classifier = new RandomClassifierLayers(_draft, _values);
    }

    /// <summary>The case of a seed. Even seeds draw short values, odd seeds real ones.</summary>
    internal static NetworkCase Draw(int seed, GraphKind kind)
    {
        // A layer may leave nothing of an image whose size an earlier one fixed: then another network takes the seed's place.
        for (int attempt = seed; ; attempt += NextAttempt)
            if (new RandomNetwork(attempt, kind).Draw($"{kind} seed {seed}") is { } network) return network;
    }

    private NetworkCase? Draw(string name)
    {
        int channels = _values.Pick(1, 2, 3, 5, 8, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 128, 130);
        string at = _draft.Input("input", channels);
        string? second = _values.Chance(0.2) ? _draft.Input("second", channels) : null;
        var made = new List<string> { at };
        for (int steps = _values.Random.Next(1, 6); steps > 0; steps--)
        {
            at = Step(at, made);
            made.Add(at);
        }

        List<string> outputs = [at];
        if (second is not null)
            outputs = _draft.Shapes[at].HasSizeOf(_draft.Shapes[second]) ? [_draft.Add(new Concat(), at, second)] : [at, _draft.Add(new Relu(), second)];
        else if (made.Count > 2 && _values.Chance(0.3))
            outputs.Add(made[_values.Random.Next(1, made.Count - 1)]);

        // Of the input, which no engine rounds: elsewhere the largest may be one of two that differ by rounding.
        if (_values.Chance(0.1)) outputs.Add(_classifier.Choice("input"));
        return Feed(name, _draft.Finish("random", [.. outputs]));
    }

    /// <summary>Draws the image size, such that every tensor keeps a pixel, and the inputs; null where no image is large enough.</summary>
    private NetworkCase? Feed(string name, NetworkGraph graph)
    {
        if (!Fits(graph, "height", LargestSize, shape => shape.Height) || !Fits(graph, "width", LargestSize, shape => shape.Width)) return null;
        int height = _values.Pick(1, 2, 3, 5, 7, 8), width = _values.Pick(1, 2, 3, 7, 13, 16, 17, 31, 33, 64, 67);
        while (!Fits(graph, "height", height, shape => shape.Height)) height++;
        while (!Fits(graph, "width", width, shape => shape.Width)) width++;
        return new NetworkCase(
            $"{name}, {height} x {width}", graph, graph.Inputs.ToDictionary(i => i.Name, i => _values.Input(i.Shape.Channels, height, width)));
    }

    private bool Fits(NetworkGraph graph, string symbol, int size, Func<TensorShape, Extent> extent)
    {
        var sizes = new Dictionary<string, int> { [symbol] = size };
        int Of(string tensor) => extent(_draft.Shapes[tensor]).Evaluate(sizes);

        // A reflection adds fewer pixels than there are.
        return _draft.Shapes.Keys.All(tensor => Of(tensor) >= 1) && graph.Nodes.All(n => n.Operator switch
        {
            Pad { Mode: PadMode.Reflect } pad => Of(n.Inputs[0]) > (symbol == "height" ? Math.Max(pad.Top, pad.Bottom) : Math.Max(pad.Left, pad.Right)),
            PadToMultiple { Mode: PadMode.Reflect } => Of(n.Name) < 2 * Of(n.Inputs[0]),
            _ => true,
        });
    }

    private string Step(string at, List<string> made)
    {
        TensorShape shape = _draft.Shapes[at];
        switch (_values.Random.Next(_kind == GraphKind.Mixed ? AllSteps : ExactSteps))
        {
            case 0 or 1 or 2: return _layers.Unit(at, shape.Channels);
            case 3: return _layers.Unit(at, _values.Pick(1, 4, 7, 24, 32, 65));
            case 4: return shape.Channels <= 33 && IsFirstScale(shape) ? _layers.UpUnit(at, _values.Pick(2, 3)) : _layers.Unit(at, shape.Channels);
            case 5: return _layers.SecondForm(at);
            case 6: return _layers.Elementwise(at);
            case 7: return Join(at, made);
            case 8: return _layers.Rearrange(at);
            case 9: return _layers.PaddedUnit(at);
            case 10: return shape.Channels <= 65 ? _layers.Ghosts(at) : _layers.Shifted(at);
            case 11: return shape.Channels <= 65 ? _dimensions.Increase(at) : _dimensions.Decrease(at);
            case 12: return _dimensions.Decrease(at);
            case 13: return _dimensions.Borders(at);
            case 14: return _dimensions.Pool(at);
            case 15: return _classifier.Exact(at);
            case 16: return _layers.FirstForm(at);
            case 17: return _layers.GhostBlock(at);
            case 18: return _dimensions.Norm(at);
            case 19: return _classifier.Rounded(at);
            default: return _layers.Convolution(at);
        }
    }

    /// <summary>Reads an earlier tensor once more, where one of the same shape or size exists.</summary>
    private string Join(string at, List<string> made)
    {
        string other = made[_values.Random.Next(made.Count)];
        if (_draft.Shapes[other] == _draft.Shapes[at]) return _values.Chance(0.5) ? _draft.Add(new Add(), at, other) : _draft.Add(new Subtract(), other, at);
        bool fits = _draft.Shapes[other].HasSizeOf(_draft.Shapes[at]) && _draft.Shapes[at].Channels < 130;
        return fits ? _draft.Add(new Concat(), other, at, other) : _layers.Elementwise(at);
    }

    private static bool IsFirstScale(TensorShape shape) => shape.Width == Extent.Symbol("width");
}

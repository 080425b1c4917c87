using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Tests.Exports;

/// <summary>Every operator of descriptors in its variants, each as a network of its own.</summary>
internal static class ExportCases
{
    private const int Channels = 4;
    private const double Rounding = 1e-5;

    internal static IReadOnlyList<ExportCase> All { get; } =
        [.. Arithmetic(), .. Activations(), .. Convolutions(), .. Pooling(), .. Borders(), .. Rearrangements(), .. Resizes(), .. GateCases.All()];

    private static IEnumerable<ExportCase> Arithmetic()
    {
        yield return Two("add", new Add());
        yield return Two("subtract", new Subtract());
        yield return Two("multiply", new Multiply());
        yield return One("scale", _ => new Scale(0.25f));
        yield return One("affine", d => new Affine(d.Weight(4), d.Weight(4)), Rounding);
        yield return One("affine without bias", d => new Affine(d.Weight(4), null));
        yield return One("affine without scale", d => new Affine(null, d.Weight(4)));
        yield return One("affine of nothing", _ => new Affine(null, null));
        yield return One("batch norm", d => new BatchNorm(d.Weight(4), d.Weight(4), d.Weight(4), FloatTensor.Vector("variance", 0.5f, 1, 2, 3), 1e-5f), Rounding);
        yield return One("layer norm", d => new LayerNorm(d.Weight(4), d.Weight(4), 1e-6f), Rounding);
        yield return One("sign of zeros", _ => new Sign(), imports: false);
        yield return One("argmax of equals", _ => new ArgMax());
        yield return One("softmax", _ => new Softmax(), Rounding);
    }

    private static IEnumerable<ExportCase> Activations()
    {
        yield return One("relu", _ => new Relu());
        yield return One("leaky relu", _ => new LeakyRelu(0.1f));
        yield return One("prelu", d => new PRelu(d.Weight(4)));
        yield return One("rprelu", d => new RPRelu(d.Weight(4), d.Weight(4), d.Weight(4)), Rounding);
        yield return One("clip", _ => new Clip(-0.5f, 1));
        yield return One("sigmoid", _ => new Sigmoid(), Rounding);
        yield return One("hard sigmoid", _ => new HardSigmoid(0.2f, 0.4f), Rounding);
        yield return One("hard swish", _ => new HardSwish(), Rounding);
        yield return One("gelu", _ => new Gelu(), Rounding);
    }

    private static IEnumerable<ExportCase> Convolutions()
    {
        var uneven = new Window(2, 1, 0, 2, 1, 1, 1, 2);
        yield return One("conv 3x3", d => new Conv2d(d.Weight(5, 4, 3, 3), d.Weight(5), Window.Padded(1)), Rounding);
        yield return One("conv without bias", d => new Conv2d(d.Weight(5, 4, 1, 1), null, new Window()), Rounding);
        yield return One("conv of uneven window in groups", d => new Conv2d(d.Weight(6, 2, 2, 3), d.Weight(6), uneven, 2), Rounding);
        yield return Binary("binary conv 3x3", d => new BinaryConv2d(d.Bits(5, 4, 3, 3), Window.Padded(1)));
        yield return Binary("binary conv of uneven window in groups", d => new BinaryConv2d(d.Bits(6, 2, 2, 3), uneven, 2));
        var shared = new ExportDraft(Channels, 6, 7);
        FloatTensor bias = shared.Weight(4);
        shared.Add("moved", new Affine(null, bias), "input");
        shared.Add("conv", new Conv2d(shared.Weight(4, 4, 1, 1), bias, new Window()), "moved");
        yield return shared.Finish("one weight in two shapes", Rounding);
    }

    private static IEnumerable<ExportCase> Pooling()
    {
        Window padded = Window.Padded(1) with { StrideY = 2 }, dilated = new(1, 1, 2, 1, 2, 3, 2, 3);
        yield return One("average pool", _ => new AveragePool((2, 3), new Window(2, 1)), Rounding);
        yield return One("average pool of pixels", _ => new AveragePool((3, 3), padded), Rounding);
        yield return One("average pool of pixels and padding", _ => new AveragePool((3, 3), padded, true), Rounding);
        yield return One("dilated average pool of pixels", _ => new AveragePool((2, 2), dilated), Rounding, imports: false);
        yield return One("dilated average pool of pixels and padding", _ => new AveragePool((2, 2), dilated, true), Rounding);
        yield return One("max pool", _ => new MaxPool((3, 3), padded));
        yield return One("max pool padded wider than its kernel", _ => new MaxPool((2, 2), dilated));
        yield return One("global average pool", _ => new GlobalAveragePool(), Rounding);
    }

    private static IEnumerable<ExportCase> Borders()
    {
        yield return One("pad", _ => new Pad(1, 0, 2, 3, PadMode.Zero));
        yield return One("reflecting pad", _ => new Pad(2, 1, 0, 3, PadMode.Reflect));
        yield return One("pad to a multiple", _ => new PadToMultiple((4, 8), PadMode.Zero));
        yield return One("reflecting pad to a multiple", _ => new PadToMultiple((4, 5), PadMode.Reflect));
        yield return One("pad of a multiple", _ => new PadToMultiple((3, 7), PadMode.Zero));
        yield return One("crop", _ => new Crop(1, 0, 2, 3));
        yield return One("crop of one side", _ => new Crop(0, 2, 0, 0));
        var like = new ExportDraft(Channels, 6, 7);
        like.Add("padded", new PadToMultiple((8, 8), PadMode.Reflect), "input");
        like.Add("other", new SelectChannels([1]), "input");
        like.Add("cropped", new CropLike(), "padded", "other");
        yield return like.Finish("crop to another's size");
        yield return One("shift of all", _ => new Shift([2], [-1]));
        yield return One("shift of all the other way", _ => new Shift([-1], [3]));
        yield return One("shift of each", _ => new Shift([0, -1, 2, 1], [1, 0, -1, 3]));
        yield return One("shift of each upwards", _ => new Shift([1, 2, 1, 3], [0]));
    }

    private static IEnumerable<ExportCase> Rearrangements()
    {
        yield return One("pixel shuffle", _ => new PixelShuffle(2));
        yield return One("select channels", _ => new SelectChannels([3, 0, 0, 1, 2, 3, 1, 1, 1, 2]));
        var joined = new ExportDraft(Channels, 6, 7);
        joined.Add("part", new SelectChannels([2]), "input");
        joined.Add("joined", new Concat(), "input", "part", "input");
        yield return joined.Finish("concat");
        yield return One("nearest by 3", _ => new ResizeNearest(3));
        yield return One("bilinear by 4", _ => new ResizeBilinear(4), Rounding);
    }

    private static IEnumerable<ExportCase> Resizes()
    {
        foreach (ResizeMethod method in Enum.GetValues<ResizeMethod>())
            foreach (ResizeCoordinates coordinates in Enum.GetValues<ResizeCoordinates>())
            {
                double tolerance = method == ResizeMethod.Nearest ? 0 : Rounding;

                // Exports of these choose pixels by indices that are computed from the size.
                bool hasIndices = method == ResizeMethod.Nearest && coordinates != ResizeCoordinates.AlignCorners;
                foreach ((int multiplier, int divisor) in new[] { (2, 1), (3, 2), (1, 2), (2, 3), (5, 3), (7, 5) })
                    yield return One(FormattableString.Invariant($"resize {method} {coordinates} by {multiplier}/{divisor}"), _ => Resize.By(multiplier, divisor, method, coordinates), tolerance, imports: !hasIndices || divisor <= 2);
                foreach ((int height, int width) in new[] { (4, 9), (1, 1), (13, 21), (6, 7) })
                    yield return One(FormattableString.Invariant($"resize {method} {coordinates} to {height}x{width}"), _ => Resize.To(height, width, method, coordinates), tolerance, imports: !hasIndices);
            }
    }

    private static ExportCase One(string name, Func<ExportDraft, Operator> make, double tolerance = 0, bool imports = true)
    {
        var draft = new ExportDraft(Channels, 6, 7);
        draft.Add("node", make(draft), "input");
        return draft.Finish(name, tolerance, imports);
    }

    private static ExportCase Two(string name, Operator @operator)
    {
        var draft = new ExportDraft(Channels, 6, 7);
        draft.Add("other", new SelectChannels([1, 2, 3, 0]), "input");
        draft.Add("node", @operator, "other", "input");
        return draft.Finish(name);
    }

    private static ExportCase Binary(string name, Func<ExportDraft, Operator> make)
    {
        var draft = new ExportDraft(Channels, 6, 7);
        draft.Add("sign", new Sign(), "input");
        draft.Add("node", make(draft), "sign");
        return draft.Finish(name);
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Tool.Tests;

/// <summary>Networks as small as the verbs' tests allow, written as descriptors.</summary>
internal static class TestNetworks
{
    /// <summary>
    /// Enlarges by 2 with one binary convolution inside: conv 3x3 (channels to 4) -> sign -> binary conv 3x3 -> scale -> + -> conv 3x3
    /// -> pixel shuffle, plus the input enlarged by nearest neighbour.
    /// </summary>
    internal static string Upscaler(int channels = 3, bool fixedSize = false)
    {
        var random = new Random(5);
        FloatTensor Floats(string name, params int[] shape) =>
            new(name, shape.ToEquatableArray(), EquatableArray.Adopt(Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) * 0.02f).ToArray()));
        Node Make(string name, Operator operation, params string[] inputs) => new(name, operation, inputs.ToEquatableArray(), SourceLocation.None);
        var bits = BitTensor.FromSigns("binary.weight", [4, 4, 3, 3], Floats("", 4, 4, 3, 3).Values.AsSpan());
        (Extent height, Extent width) = fixedSize ? (Extent.Constant(6), Extent.Constant(8)) : (Extent.Symbol("height"), Extent.Symbol("width"));
        var graph = new NetworkGraph(
            "tiny-x2",
            "Enlarges by 2.",
            [new GraphInput("input", new TensorShape(channels, height, width), SourceLocation.None)],
            [
                Make("first", new Conv2d(Floats("first.weight", 4, channels, 3, 3), null, Window.Padded(1)), "input"),
                Make("signs", new Sign(), "first"),
                Make("binary", new BinaryConv2d(bits, Window.Padded(1)), "signs"),
                Make("scaled", new Affine(Floats("scaled.scale", 4), null), "binary"),
                Make("sum", new Add(), "scaled", "first"),
                Make("last", new Conv2d(Floats("last.weight", 4 * channels, 4, 3, 3), null, Window.Padded(1)), "sum"),
                Make("shuffled", new PixelShuffle(2), "last"),
                Make("nearest", new ResizeNearest(2), "input"),
                Make("result", new Add(), "shuffled", "nearest"),
            ],
            [new GraphOutput("output", "result", SourceLocation.None)]);
        return DescriptorWriter.Write(graph);
    }

    /// <summary>Returns what it gets.</summary>
    internal static string Identity(int channels) => Single(channels, new Scale(1));

    /// <summary>Three scores: the means of red, green and blue.</summary>
    internal static string MeanColours() => Single(3, new GlobalAveragePool());

    /// <summary>Two scores, the means of red and green: at 128 x 128 pixels where red is more, else at 64 x 64.</summary>
    internal static string Gated()
    {
        var first = new FloatTensor("first.weight", [2, 3, 1, 1], [1, 0, 0, 0, 1, 0]);
        var conv = new Conv2d(first, null, new Window());
        Node Make(string name, Operator operation, params string[] inputs) => new(name, operation, inputs.ToEquatableArray(), SourceLocation.None);
        return DescriptorWriter.Write(new NetworkGraph(
            "gated", "", [new GraphInput("input", new TensorShape(3, Extent.Constant(128), Extent.Constant(128)), SourceLocation.None)],
            [
                Make("means", new GlobalAveragePool(), "input"),
                Make("scores", conv, "means"),
                Make("128.conv", conv, "input"),
                Make("logits_128", new GlobalAveragePool(), "128.conv"),
                Make("64.resize", Resize.To(64, 64, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel), "input"),
                Make("64.conv", conv, "64.resize"),
                Make("logits_64", new GlobalAveragePool(), "64.conv"),
                Make("gate", new Gate(["128", "64"]), "scores", "logits_128", "logits_64"),
                Make("choice", new ArgMax(), "scores"),
            ],
            [new GraphOutput("output", "gate", SourceLocation.None), new GraphOutput("choice", "choice", SourceLocation.None)]));
    }

    private static string Single(int channels, Operator operation) => DescriptorWriter.Write(new NetworkGraph(
        "single", "", [new GraphInput("input", new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
        [new Node("result", operation, ["input"], SourceLocation.None)], [new GraphOutput("output", "result", SourceLocation.None)]));

    /// <summary>What is there beside the signs of the input.</summary>
    internal enum SignVariant
    {
        /// <summary>No signs at all.</summary>
        None,

        /// <summary>Nothing.</summary>
        Plain,

        /// <summary>The signs of the negative.</summary>
        WithOpposite,

        /// <summary>The signs of the negative of an affine.</summary>
        WithOppositeAffine,

        /// <summary>The signs of another affine, none of which is 0.</summary>
        WithOtherAffine,
    }

    /// <summary>A 1 x 1 binary convolution of two channels to one, or half the difference of two; of fixed weights.</summary>
    internal static string Signs(SignVariant variant)
    {
        Node Make(string name, Operator operation, params string[] inputs) => new(name, operation, inputs.ToEquatableArray(), SourceLocation.None);
        var bits = BitTensor.FromSigns("weight", [1, 2, 1, 1], [1, -1]);
        FloatTensor Vector(string name, params float[] values) => FloatTensor.Vector(name, values);
        Node Negative(SignVariant of) => Make("negative", of switch
        {
            SignVariant.WithOpposite => new Scale(-1),
            SignVariant.WithOppositeAffine => new Affine(Vector("down.scale", -2, -3), null),
            _ => new Affine(Vector("down.scale", -2, 3), Vector("down.bias", 100, 100)),
        }, "input");
        List<Node> nodes = variant == SignVariant.WithOppositeAffine ? [Make("moved", new Affine(Vector("scale", 2, 3), Vector("bias", 0, 0)), "input")] : [];
        if (variant != SignVariant.None)
            nodes.AddRange([Make("sign", new Sign(), nodes.Count > 0 ? "moved" : "input"), Make("sums", new BinaryConv2d(bits, new Window()), "sign")]);
        if (variant > SignVariant.Plain)
        {
            nodes.AddRange([Negative(variant), Make("opposite", new Sign(), "negative"), Make("opposites", new BinaryConv2d(bits, new Window()), "opposite")]);
            nodes.AddRange([Make("difference", new Subtract(), "sums", "opposites"), Make("half", new Scale(0.5f), "difference")]);
        }

        if (variant == SignVariant.None) nodes.Add(Make("half", new Scale(0.5f), "input"));
        var shape = new TensorShape(2, Extent.Symbol("height"), Extent.Symbol("width"));
        var graph = new NetworkGraph(
            "signs", "", [new GraphInput("input", shape, SourceLocation.None)], nodes.ToEquatableArray(), [new GraphOutput("output", nodes[^1].Name, SourceLocation.None)]);
        return DescriptorWriter.Write(graph);
    }
}

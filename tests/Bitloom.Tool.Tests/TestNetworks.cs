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

    private static string Single(int channels, Operator operation) => DescriptorWriter.Write(new NetworkGraph(
        "single", "", [new GraphInput("input", new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
        [new Node("result", operation, ["input"], SourceLocation.None)], [new GraphOutput("output", "result", SourceLocation.None)]));
}

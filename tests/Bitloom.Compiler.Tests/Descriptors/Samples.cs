using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>Small networks that tests change in one place.</summary>
internal static class Samples
{
    /// <summary>3 channels of free size: sign, binary 3x3 convolution, scale, sum with the input.</summary>
    public static NetworkGraph Small { get; } = new(
        "small",
        "a sample",
        [Input],
        [
            Node("sign", new Sign(), "input"),
            Node("conv", new BinaryConv2d(BitTensor.FromSigns("conv.weight", [3, 3, 3, 3], Ramp(81)), Window.Padded(1)), "sign"),
            Node("scale", new Affine(FloatTensor.Vector("conv.scale", 0.1f, -2.7f, 1e-9f), null), "conv"),
            Node("sum", new Add(), "scale", "input"),
        ],
        [new GraphOutput("output", "sum", SourceLocation.None)]);

    private static GraphInput Input => new("input", new TensorShape(3, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None);

    /// <summary>Operators of one input, one after the other, on 3 channels of free size.</summary>
    public static NetworkGraph Chain(params Operator[] operators)
    {
        var nodes = operators.Select((o, i) => Node($"n{i}", o, i == 0 ? "input" : $"n{i - 1}"));
        return new NetworkGraph("chain", "", [Input], nodes.ToEquatableArray(), [new GraphOutput("output", $"n{operators.Length - 1}", SourceLocation.None)]);
    }

    /// <summary>Nodes from an input of 4 channels of free size; the last one is the result.</summary>
    public static NetworkGraph Network(params Node[] nodes) => new(
        "graph", "", [new GraphInput("input", new TensorShape(4, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
        nodes.ToEquatableArray(), [new GraphOutput("output", nodes[^1].Name, SourceLocation.None)]);

    public static Node Node(string name, Operator @operator, params string[] inputs) => new(name, @operator, inputs.ToEquatableArray(), SourceLocation.None);

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i % 5 - 2f)];
}

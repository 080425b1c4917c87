using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Moves what is added around an image into the convolution or pool that reads it and would pad with the same. Signs could not be padded
/// otherwise, for a bit holds no zero.
/// <code>
///   before   x -> Pad(1, 1, 1, 1, zeros) -> Conv(pads 0)        x -> Pad(1, 1, 1, 1, -infinity) -> MaxPool(pads 0)
///   after    x -> Conv(pads 1)                                  x -> MaxPool(pads 1)
/// </code>
/// </summary>
internal static class FoldPadIntoWindowPass
{
    // Axes of ONNX's amounts of an image: batch, channels, height, width before and then after it.
    private const int AmountsOfImage = 8;

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        OnnxNode[] nodes = [.. graph.Nodes.Select(n => Fold(n, finder) ?? n)];
        log.Removed("paddings before convolutions and pools", nodes.Zip(graph.Nodes).Count(p => !ReferenceEquals(p.First, p.Second)));
        return graph with { Nodes = nodes };
    }

    private static OnnxNode? Fold(OnnxNode node, NodeFinder finder)
    {
        if (node is not { Operator: "Conv" or "MaxPool", Domain.Length: 0 } || node.Text("auto_pad", "NOTSET") is not ("NOTSET" or "")) return null;

        // A pool that rounds its size up leaves out windows that start in its own padding.
        if (node.Integer("ceil_mode", 0) != 0) return null;
        if (finder.Maker(node.Input(0), "Pad") is not { } pad || pad.Input(0) is not { } x || pad.Input(3) is not null || Amounts(pad, finder) is not { } amounts) return null;
        float padding = node.Operator == "Conv" ? 0 : float.NegativeInfinity;
        bool isOwn = pad.Text("mode", "constant") is "constant" or "" && (pad.Input(2) is { } value ? finder.Number(value) : pad.Real("value", 0)) == padding;
        if (!isOwn || amounts.Any(a => a < 0) || (amounts[0], amounts[1], amounts[4], amounts[5]) != (0, 0, 0, 0)) return null;
        long[] before = node.Integers("pads") is { Count: 4 } given ? [.. given] : [0, 0, 0, 0];
        long[] sum = [before[0] + amounts[2], before[1] + amounts[3], before[2] + amounts[6], before[3] + amounts[7]];
        var attributes = new Dictionary<string, OnnxAttribute>(node.Attributes, StringComparer.Ordinal) { ["pads"] = new OnnxAttribute(0, 0, "", sum, null) };
        return node with { Inputs = [x, .. node.Inputs.Skip(1)], Attributes = attributes };
    }

    private static int[]? Amounts(OnnxNode pad, NodeFinder finder)
    {
        int[]? amounts = pad.Integers("pads")?.Select(a => (int)Math.Clamp(a, int.MinValue, int.MaxValue)).ToArray()
            ?? (finder.Constant(pad.Input(1)) is IntegerValue { IsConstant: true } whole ? [.. whole.Grid.Items.Select(a => ((ConstantExtent)a).Value)] : null);
        return amounts?.Length == AmountsOfImage ? amounts : null;
    }
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins what exports below operator set 17 spell a layer normalisation with. Over which axes it is, and whether these are an image's
/// channels, its converter finds out; weights that multiply and add afterwards stay nodes and join it in the network.
/// <code>
///   before   ReduceMean(x) -> m,  Sub(x, m) -> d,  Pow(d, 2) | Mul(d, d) -> ReduceMean -> Add(eps) -> Sqrt -> s,  Div(d, s)
///   after    ChannelNormalization(x, axes, eps)
/// </code>
/// </summary>
internal static class FuseLayerNormPass
{
    /// <summary>The name of the operator made; ONNX has none such.</summary>
    internal const string Operator = "ChannelNormalization";

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        OnnxNode[] nodes = [.. graph.Nodes.Select(n => Find(n, finder) ?? n)];
        log.Removed("layer normalisations in several nodes", nodes.Zip(graph.Nodes).Count(p => !ReferenceEquals(p.First, p.Second)));
        return graph with { Nodes = nodes };
    }

    private static OnnxNode? Find(OnnxNode node, NodeFinder finder)
    {
        if (node is not { Operator: "Div" or "Mul", Domain.Length: 0, Inputs: [var left, var right] }) return null;
        return node.Operator == "Div" ? Match(node, finder, left, Root(right, finder)) : Match(node, finder, left, Inverse(right, finder)) ?? Match(node, finder, right, Inverse(left, finder));
    }

    private static OnnxNode? Match(OnnxNode node, NodeFinder finder, string difference, string? variance)
    {
        if (finder.Maker(difference, "Sub") is not { Inputs: [var x, var mean] } || variance is null) return null;
        if (finder.Maker(variance, "Add") is not { } sum || finder.OtherThan(sum, e => e >= 0) is not { } plain) return null;
        float epsilon = finder.Number(sum.Inputs[sum.Inputs[0] == plain ? 1 : 0]) ?? 0;
        if (finder.Maker(mean, "ReduceMean") is not { } first || first.Input(0) != x || AxesOf(first, finder) is not { } axes) return null;
        if (finder.Maker(plain, "ReduceMean") is not { } second || AxesOf(second, finder) is not { } again || !again.SequenceEqual(axes)) return null;
        if (!IsSquare(second.Input(0), difference, finder)) return null;
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal)
        {
            ["axes"] = new OnnxAttribute(0, 0, "", axes, null),
            ["epsilon"] = new OnnxAttribute(0, epsilon, "", [], null),
        };
        return new OnnxNode(node.Name, Operator, "", [x], node.Outputs, attributes);
    }

    // Sqrt(v) or Pow(v, 1/2): what of.
    private static string? Root(string value, NodeFinder finder) =>
        finder.Maker(value, "Sqrt")?.Input(0) ?? (finder.Maker(value, "Pow") is { } power && finder.Number(power.Input(1)) == 0.5f ? power.Input(0) : null);

    // 1 / Sqrt(v) as Reciprocal, Div or Pow(v, -1/2): what of.
    private static string? Inverse(string value, NodeFinder finder)
    {
        if (finder.Maker(value, "Pow") is { } power) return finder.Number(power.Input(1)) == -0.5f ? power.Input(0) : null;
        string? root = finder.Maker(value, "Reciprocal")?.Input(0) ?? (finder.Maker(value, "Div") is { } quotient && finder.Number(quotient.Input(0)) == 1 ? quotient.Input(1) : null);
        return root is null ? null : Root(root, finder);
    }

    private static bool IsSquare(string? value, string of, NodeFinder finder) =>
        finder.Maker(value, "Pow") is { } power ? power.Input(0) == of && finder.Number(power.Input(1)) == 2 : finder.Maker(value, "Mul") is { Inputs: [var a, var b] } && a == of && b == of;

    // Axes are an attribute up to operator set 17 and an input after. Without keepdims the difference would not fit.
    private static long[]? AxesOf(OnnxNode node, NodeFinder finder)
    {
        if (node.Integer("keepdims", 1) == 0) return null;
        return node.Integers("axes")?.ToArray() ?? (finder.Constant(node.Input(1)) is IntegerValue { IsConstant: true } axes ? [.. axes.Grid.Items.Select(a => (long)((ConstantExtent)a).Value)] : null);
    }
}

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins what exports below operator set 14 spell a hard swish with.
/// <code>
///   before   Clip(Add(x, 3), 0, 6) -> c,   Div(Mul(x, c), 6)  |  Mul(x, Div(c, 6));   Mul(x, HardSigmoid(x, 1/6, 1/2))
///   after    HardSwish(x)
/// </code>
/// </summary>
internal static class FuseHardSwishPass
{
    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        OnnxNode[] nodes = [.. graph.Nodes.Select(n => Find(n, finder) is { } x ? new OnnxNode(n.Name, "HardSwish", "", [x], n.Outputs, new Dictionary<string, OnnxAttribute>()) : n)];
        log.Removed("hard swishes in several nodes", nodes.Zip(graph.Nodes).Count(p => !ReferenceEquals(p.First, p.Second)));
        return graph with { Nodes = nodes };
    }

    private static string? Find(OnnxNode node, NodeFinder finder)
    {
        if (node is not { Operator: "Mul" or "Div", Domain.Length: 0, Inputs: [var left, var right] }) return null;
        if (Sixth(node, finder) is { } product && finder.Maker(product, "Mul") is { Inputs: [var a, var b] }) return IsClipped(a, b, finder) ? b : IsClipped(b, a, finder) ? a : null;
        if (node.Operator == "Div") return null;
        return IsGate(left, right, finder) ? right : IsGate(right, left, finder) ? left : null;
    }

    // min(max(x / 6 + 1/2, 0), 1)
    private static bool IsGate(string value, string x, NodeFinder finder)
    {
        if (finder.Maker(value, "HardSigmoid") is { } gate)
            return gate.Input(0) == x && NodeFinder.IsNear(gate.Real("alpha", 0.2f), 1 / 6.0) && gate.Real("beta", 0.5f) == 0.5f;
        OnnxNode? scaled = finder.Maker(value, "Div") ?? finder.Maker(value, "Mul");
        return scaled is not null && Sixth(scaled, finder) is { } clipped && IsClipped(clipped, x, finder);
    }

    private static bool IsClipped(string value, string x, NodeFinder finder)
    {
        if (finder.Maker(value, "Clip") is not { } clip || finder.OtherThan(finder.Maker(clip.Input(0), "Add"), n => n == 3) != x) return false;
        float? least = clip.Input(1) is { } below ? finder.Number(below) : clip.Real("min", float.NaN), most = clip.Input(2) is { } above ? finder.Number(above) : clip.Real("max", float.NaN);
        return least == 0 && most == 6;
    }

    private static string? Sixth(OnnxNode node, NodeFinder finder) => node.Operator == "Mul"
        ? finder.OtherThan(node, n => NodeFinder.IsNear(n, 1 / 6.0))
        : finder.Number(node.Input(1)) == 6 ? node.Input(0) : null;
}

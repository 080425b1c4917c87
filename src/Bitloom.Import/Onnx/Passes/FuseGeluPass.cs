namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins what exports below operator set 20 spell a GELU with, in any order of its products.
/// <code>
///   before   Erf(x / sqrt(2)) -> Add(1) -> e,   Mul(Mul(x, e), 1/2)  |  Mul(Mul(x, 1/2), e)  |  Mul(x, Mul(e, 1/2))
///   after    Gelu(x)
/// </code>
/// </summary>
internal static class FuseGeluPass
{
    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        OnnxNode[] nodes = [.. graph.Nodes.Select(n => Find(n, finder) is { } x ? new OnnxNode(n.Name, "Gelu", "", [x], n.Outputs, new Dictionary<string, OnnxAttribute>()) : n)];
        log.Removed("GELUs in several nodes", nodes.Zip(graph.Nodes).Count(p => !ReferenceEquals(p.First, p.Second)));
        return graph with { Nodes = nodes };
    }

    private static string? Find(OnnxNode node, NodeFinder finder)
    {
        if (node is not { Operator: "Mul" or "Div", Domain.Length: 0, Inputs: [var left, var right] }) return null;
        if (Halved(node, finder) is { } product) return finder.Maker(product, "Mul") is { Inputs: [var a, var b] } ? Match(a, b, finder) ?? Match(b, a, finder) : null;
        if (node.Operator == "Div") return null;
        return MatchHalf(left, right, finder) ?? MatchHalf(right, left, finder);
    }

    // One factor is halved and the other is not.
    private static string? MatchHalf(string first, string second, NodeFinder finder) =>
        finder.Maker(first, "Mul") is { } product && Halved(product, finder) is { } whole ? Match(whole, second, finder) ?? Match(second, whole, finder)
        : finder.Maker(first, "Div") is { } quotient && Halved(quotient, finder) is { } dividend ? Match(dividend, second, finder) ?? Match(second, dividend, finder)
        : null;

    // x and 1 + erf(x / sqrt(2)).
    private static string? Match(string x, string sum, NodeFinder finder)
    {
        if (finder.OtherThan(finder.Maker(sum, "Add"), n => n == 1) is not { } erf || finder.Maker(erf, "Erf")?.Input(0) is not { } scaled) return null;
        bool isDivided = finder.Maker(scaled, "Div") is { } quotient && quotient.Input(0) == x && finder.Number(quotient.Input(1)) is { } divisor && NodeFinder.IsNear(divisor, Math.Sqrt(2));
        bool isMultiplied = finder.OtherThan(finder.Maker(scaled, "Mul"), n => NodeFinder.IsNear(n, Math.Sqrt(0.5))) == x;
        return isDivided || isMultiplied ? x : null;
    }

    private static string? Halved(OnnxNode node, NodeFinder finder) => node.Operator == "Mul"
        ? finder.OtherThan(node, n => n == 0.5f)
        : finder.Number(node.Input(1)) == 2 ? node.Input(0) : null;
}

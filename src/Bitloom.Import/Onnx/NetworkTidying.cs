using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Joins what exporters take apart, where a value has one reader. Results stay the same bit for bit.
/// <code>
///   before   Affine(+shift) -> PRelu(slope) -> Affine(+offset)      after   RPRelu(shift, slope, offset)
///   before   Affine(*scale) -> Affine(+bias)                        after   Affine(*scale, +bias)
/// </code>
/// </summary>
internal static class NetworkTidying
{
    internal static NetworkGraph Run(NetworkGraph graph) => JoinPairs(JoinRPRelu(graph));

    private static NetworkGraph JoinRPRelu(NetworkGraph graph)
    {
        ILookup<string, Node> readers = ReadersOf(graph);
        var joined = new Dictionary<string, Node>(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node first in graph.Nodes)
        {
            if (first.Operator is not Affine { Scale: null, Bias: { } shift } || OnlyReader(graph, readers, first) is not { Operator: PRelu { Slope: var slope } } middle) continue;
            if (OnlyReader(graph, readers, middle) is not { Operator: Affine { Scale: null, Bias: { } offset } } last) continue;
            joined[last.Name] = last with { Operator = new RPRelu(shift, slope, offset), Inputs = first.Inputs };
            removed.UnionWith([first.Name, middle.Name]);
        }

        return Replace(graph, joined, removed);
    }

    private static NetworkGraph JoinPairs(NetworkGraph graph)
    {
        ILookup<string, Node> readers = ReadersOf(graph);
        var joined = new Dictionary<string, Node>(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node first in graph.Nodes)
        {
            if (first.Operator is not Affine { Scale: { } scale, Bias: null }) continue;
            if (OnlyReader(graph, readers, first) is not { Operator: Affine { Scale: null, Bias: { } bias } } last) continue;
            joined[last.Name] = last with { Operator = new Affine(scale, bias), Inputs = first.Inputs };
            removed.Add(first.Name);
        }

        return Replace(graph, joined, removed);
    }

    private static ILookup<string, Node> ReadersOf(NetworkGraph graph) =>
        graph.Nodes.SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n))).ToLookup(r => r.Input, r => r.Node, StringComparer.Ordinal);

    private static Node? OnlyReader(NetworkGraph graph, ILookup<string, Node> readers, Node node) =>
        readers[node.Name].Take(2).ToArray() is [var only] && graph.Outputs.All(o => o.Tensor != node.Name) ? only : null;

    private static NetworkGraph Replace(NetworkGraph graph, Dictionary<string, Node> joined, HashSet<string> removed) =>
        graph with { Nodes = graph.Nodes.Where(n => !removed.Contains(n.Name)).Select(n => joined.GetValueOrDefault(n.Name, n)).ToEquatableArray() };
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Passes;

/// <summary>Drops nodes whose result reaches no output.</summary>
internal static class RemoveUnusedPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var used = new HashSet<string>(graph.Outputs.Select(o => o.Tensor));
        var kept = new List<Node>();
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (!used.Contains(node.Name)) continue;
            kept.Add(node);
            used.UnionWith(node.Inputs);
        }

        kept.Reverse();
        return kept.Count == graph.Nodes.Count ? graph : graph with { Nodes = kept.ToEquatableArray() };
    }
}

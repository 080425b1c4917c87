namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Removes nodes whose results nobody needs, such as the surrogates that <see cref="FoldStraightThroughPass"/> leaves.
/// <code>
///   before   x -> Sign -> Conv -> output,   x -> Tanh
///   after    x -> Sign -> Conv -> output
/// </code>
/// </summary>
internal static class RemoveUnreadPass
{
    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var read = new HashSet<string>(graph.Outputs.Select(o => o.Value), StringComparer.Ordinal);
        var kept = new List<OnnxNode>();
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            OnnxNode node = graph.Nodes[i];
            if (!node.Outputs.Any(read.Contains)) continue;
            read.UnionWith(node.Inputs);
            kept.Add(node);
        }

        kept.Reverse();
        log.Removed("nodes that nobody reads", graph.Nodes.Count - kept.Count);
        return graph with { Nodes = kept };
    }
}

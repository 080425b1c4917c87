namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Removes nodes that do nothing when a network runs.
/// <code>
///   before   x -> Identity -> a -> Dropout -> b -> Conv
///   after    x -> Conv
/// </code>
/// </summary>
internal static class RemoveIdentityPass
{
    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var names = new Renaming();
        var kept = new List<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes.Select(names.Apply))
        {
            // A mask that someone reads makes a Dropout more than an identity; it is then refused as an operator.
            bool isIdentity = node.Domain.Length == 0 && node.Input(0) is not null
                && (node.Operator == "Identity" || (node.Operator == "Dropout" && node.Outputs.Skip(1).All(o => o.Length == 0)));
            if (isIdentity) names.Replace(node.Outputs[0], node.Inputs[0]);
            else kept.Add(node);
        }

        log.Removed("identities", graph.Nodes.Count - kept.Count);
        return graph with { Nodes = kept, Outputs = names.Apply(graph.Outputs) };
    }
}

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Computes what depends on constants alone: scales of binary weights, indices, factors. Shapes of images follow later, when
/// operators are converted, with the same <see cref="ConstantEvaluator"/>.
/// <code>
///   before   w -> Abs -> ReduceMean -> s,   w -> Sign,   Mul(s, Sign(w)) -> Conv
///   after    constant +-s -> Conv
/// </code>
/// </summary>
internal static class FoldConstantsPass
{
    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var constants = new Dictionary<string, OnnxValue>(graph.Constants, StringComparer.Ordinal);
        var budget = new FoldingBudget(graph.Constants.Values);
        var kept = new List<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes)
        {
            bool isConstant = node.Outputs.Count == 1 && node.Inputs.All(i => i.Length == 0 || constants.ContainsKey(i));
            OnnxValue?[] inputs = isConstant ? [.. node.Inputs.Select(i => i.Length == 0 ? null : constants[i])] : [];
            if (!isConstant || ConstantEvaluator.TryEvaluate(node, inputs, graph.Opset) is not { } value)
            {
                kept.Add(node);
                continue;
            }

            budget.Charge(node, inputs.Append(value));
            constants[node.Outputs[0]] = value;
        }

        log.Removed("nodes over constants", graph.Nodes.Count - kept.Count);
        return graph with { Nodes = kept, Constants = constants };
    }
}

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Removes straight-through estimators: training code lends the gradient of a soft function to a sign by adding and subtracting it,
/// and the export computes both. Whatever the soft function is (clip, the quadratic of Bi-Real, tanh), it cancels; what is left of it
/// nobody reads. Works on activations and on weights alike.
/// <code>
///   before   Sign(x) - soft + soft                after   Sign(x)
///   before   s * Sign(w) - Clip(w) + Clip(w)      after   s * Sign(w)
///   also     Sign(x) + (soft - soft),  (Sign(x) + soft) - soft
/// </code>
/// </summary>
internal static class FoldStraightThroughPass
{
    // A sign, times a scale, cast from a boolean: no published estimator is deeper.
    private const int DeepestSign = 4;

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        Dictionary<string, OnnxNode> makers = graph.Makers();
        var names = new Renaming();
        var kept = new List<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes.Select(names.Apply))
        {
            if (FindHard(node, makers, names) is { } hard) names.Replace(node.Outputs[0], hard);
            else kept.Add(node);
        }

        log.Removed("straight-through estimators", graph.Nodes.Count - kept.Count);
        return graph with { Nodes = kept, Outputs = names.Apply(graph.Outputs) };
    }

    private static string? FindHard(OnnxNode node, Dictionary<string, OnnxNode> makers, Renaming names)
    {
        if (node.Inputs.Count != 2 || node.Domain.Length > 0) return null;
        (string left, string right) = (node.Inputs[0], node.Inputs[1]);
        string? hard = node.Operator switch
        {
            "Add" => Cancel(left, right) ?? Cancel(right, left),
            "Sub" when Operands(left, "Add") is { } sum => sum.Right == right ? sum.Left : sum.Left == right ? sum.Right : null,
            _ => null,
        };
        return hard is not null && IsHard(hard, DeepestSign) ? hard : null;

        // difference + other, where the difference is hard - other, or soft - soft.
        string? Cancel(string difference, string other) => Operands(difference, "Sub") switch
        {
            { } operands when operands.Right == other => operands.Left,
            { } operands when operands.Left == operands.Right => other,
            _ => null,
        };

        (string Left, string Right)? Operands(string value, string @operator) =>
            makers.TryGetValue(value, out OnnxNode? maker) && maker.Operator == @operator && maker.Inputs.Count == 2
                ? (names[maker.Inputs[0]], names[maker.Inputs[1]]) : null;

        bool IsHard(string value, int depth) => depth > 0 && makers.TryGetValue(value, out OnnxNode? maker)
            && (maker.Operator == "Sign" || (maker.Operator is "Mul" or "Div" or "Cast" && maker.Inputs.Any(i => IsHard(names[i], depth - 1))));
    }
}

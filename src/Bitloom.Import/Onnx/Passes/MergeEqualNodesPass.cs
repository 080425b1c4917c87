using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Computes equal things once, so that patterns can compare values by name: exporters write a surrogate twice where the training code
/// does.
/// <code>
///   before   clip1 = Clip(x, -1, 1)   clip2 = Clip(x, -1, 1)   y = Sub(Sign(x), clip1) + clip2
///   after    clip1 = Clip(x, -1, 1)                            y = Sub(Sign(x), clip1) + clip1
/// </code>
/// </summary>
internal static class MergeEqualNodesPass
{
    // Larger constants are weights, which no pattern compares.
    private const int SmallConstant = 16;

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var names = new Renaming();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, OnnxValue value) in graph.Constants)
        {
            if (KeyOf(value) is not { } key) continue;
            if (seen.TryGetValue(key, out string? equal)) names.Replace(name, equal);
            else seen.Add(key, name);
        }

        var kept = new List<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes.Select(names.Apply))
        {
            string? key = KeyOf(node);
            if (key is not null && seen.TryGetValue(key, out string? equal))
            {
                names.Replace(node.Outputs[0], equal);
                continue;
            }

            if (key is not null) seen.Add(key, node.Outputs[0]);
            kept.Add(node);
        }

        log.Removed("repeated nodes", graph.Nodes.Count - kept.Count);
        return graph with { Nodes = kept, Outputs = names.Apply(graph.Outputs) };
    }

    private static string? KeyOf(OnnxNode node)
    {
        // Nodes with two results or with tensors as attributes are rare, and random ones differ although they look alike.
        if (node.Outputs.Count != 1 || node.Operator.StartsWith("Random", StringComparison.Ordinal) || node.Attributes.Values.Any(a => a.Tensor is not null)) return null;
        string attributes = string.Join(';', node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value.Key}"));
        return $"{node.Domain}\n{node.Operator}\n{attributes}\n{string.Join('\n', node.Inputs)}";
    }

    private static string? KeyOf(OnnxValue value) => value switch
    {
        FloatValue { Grid: var real } when real.Items.Length <= SmallConstant => $"real [{string.Join(',', real.Dims)}] {string.Join(',', real.Items.Select(BitConverter.SingleToInt32Bits))}",
        IntegerValue { Grid: var whole } when whole.Items.Length <= SmallConstant => $"whole [{string.Join(',', whole.Dims)}] {string.Join(',', whole.Items.Select(i => (i as ConstantExtent)?.Value))}",
        _ => null,
    };
}

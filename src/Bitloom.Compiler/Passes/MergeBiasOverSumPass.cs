using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  Add(Affine(s, b1)(x), y) -> Affine(bias: b2)        (affine and sum read by nothing else)
/// after:   Add(Affine(s, b1 + b2)(x), y)
/// </code>
/// So the end of one RPReLU and the beginning of the next, on either side of a residual, are one addition. Computed in double precision.
/// </summary>
internal static class MergeBiasOverSumPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        // Merging changes neither names nor how often a tensor is read, so one editor serves for chains of merges too.
        var editor = new GraphEditor(graph);
        var nodes = new Dictionary<string, Node>();
        foreach (Node node in graph.Nodes)
        {
            nodes.Add(node.Name, node);
            if (node.Operator is not Affine { Scale: null, Bias: { } bias } || !nodes.TryGetValue(node.Inputs[0], out Node? sum)) continue;
            if (sum.Operator is not Add || !editor.HasOneReader(sum.Name) || sum.Inputs[0] == sum.Inputs[1]) continue;
            string? earlier = sum.Inputs.FirstOrDefault(i => editor.HasOneReader(i) && nodes.TryGetValue(i, out Node? maker) && maker.Operator is Affine);
            if (earlier is null) continue;
            nodes[earlier] = WithBias(nodes[earlier], bias);
            nodes[node.Name] = GraphEditor.Replace(node, sum.Operator, [.. sum.Inputs]);
            nodes.Remove(sum.Name);
        }

        return nodes.Count == graph.Nodes.Count ? graph : editor.With(graph.Nodes.Where(n => nodes.ContainsKey(n.Name)).Select(n => nodes[n.Name]));
    }

    private static Node WithBias(Node node, FloatTensor bias)
    {
        var affine = (Affine)node.Operator;
        float[] sums = [.. bias.Values.Select((b, c) => (float)((double)b + (affine.Bias?.Values[c] ?? 0)))];
        return node with { Operator = affine with { Bias = FloatTensor.Vector(node.Name + ".bias", sums) } };
    }
}

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
        while (true)
        {
            var editor = new GraphEditor(graph);
            Node? later = graph.Nodes.FirstOrDefault(n => Earlier(editor, n) is not null);
            if (later is null) return graph;
            graph = Merge(editor, later, Earlier(editor, later)!);
        }
    }

    // The affine before the sum that a bias follows.
    private static Node? Earlier(GraphEditor editor, Node node)
    {
        if (node.Operator is not Affine { Scale: null, Bias: not null } || editor.MakerOf(node.Inputs[0]) is not { Operator: Add } sum) return null;
        if (!editor.HasOneReader(sum.Name) || sum.Inputs[0] == sum.Inputs[1]) return null;
        return sum.Inputs.Select(editor.MakerOf).FirstOrDefault(n => n is { Operator: Affine } && editor.HasOneReader(n.Name));
    }

    private static NetworkGraph Merge(GraphEditor editor, Node later, Node earlier)
    {
        Node sum = editor.MakerOf(later.Inputs[0])!;
        var affine = (Affine)earlier.Operator;
        float[] bias = [.. ((Affine)later.Operator).Bias!.Values.Select((b, c) => (float)((double)b + (affine.Bias?.Values[c] ?? 0)))];
        Node merged = earlier with { Operator = affine with { Bias = FloatTensor.Vector(earlier.Name + ".bias", bias) } };
        Node total = GraphEditor.Replace(later, sum.Operator, [.. sum.Inputs]);
        return editor.With(editor.Graph.Nodes.Where(n => n != sum).Select(n => n == earlier ? merged : n == later ? total : n));
    }
}

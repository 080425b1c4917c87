using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Elementwise work on a concatenation moves into its parts, where the kernels that make them do it; signs of a concatenation become
/// a concatenation of signs.
/// <code>
/// before:  Concat(a, b) -> f                             (the concatenation read by nothing else)
/// after:   Concat(f_a(a), f_b(b))                        f_a, f_b have the constants of their channels
///
/// before:  Concat(a, b) -> Affine -> Sign                (whatever else reads the concatenation)
/// after:   Concat(Sign(Affine_a(a)), Sign(Affine_b(b)))
/// </code>
/// </summary>
internal static class SpreadOverConcatPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            var editor = new GraphEditor(graph);
            if (graph.Nodes.FirstOrDefault(n => Spreads(editor, n)) is not { } node) return graph;
            graph = RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(n => n == node ? Spread(editor, n) : [n])));
        }
    }

    private static bool Spreads(GraphEditor editor, Node node)
    {
        if (node.Operator is not (Affine or PRelu or Relu or LeakyRelu or Sign) || editor.MakerOf(node.Inputs[0]) is not { Operator: Concat } concat) return false;

        // A part that is there twice, or lies in another tensor, is copied into the concatenation in any case.
        bool copies = concat.Inputs.Distinct().Count() != concat.Inputs.Count || concat.Inputs.Any(i => editor.MakerOf(i)?.Operator is SelectChannels);
        return !copies && (FeedsConvolutions(editor, node)
            || (node.Operator is not Sign && editor.HasOneReader(concat.Name) && concat.Inputs.All(editor.HasOneReader) && !editor.IsOutput(node.Name)));
    }

    // True for signs that only binary convolutions read, and for an affine that only such signs read.
    private static bool FeedsConvolutions(GraphEditor editor, Node node) => !editor.IsOutput(node.Name) && node.Operator switch
    {
        Sign => editor.ReadersOf(node.Name).All(r => r.Operator is BinaryConv2d),
        Affine => editor.ReadersOf(node.Name).All(r => r.Operator is Sign && FeedsConvolutions(editor, r)),
        _ => false,
    };

    private static IEnumerable<Node> Spread(GraphEditor editor, Node node)
    {
        var parts = new List<Node>();
        int channel = 0;
        foreach (string part in editor.MakerOf(node.Inputs[0])!.Inputs)
        {
            int count = editor.Shapes[part].Channels;
            parts.Add(GraphEditor.Before(node, FormattableString.Invariant($".part_{parts.Count}"), Slice(node.Operator, channel, count), part));
            channel += count;
        }

        return [.. parts, GraphEditor.Replace(node, new Concat(), [.. parts.Select(p => p.Name)])];
    }

    private static Operator Slice(Operator @operator, int first, int count)
    {
        FloatTensor? Part(FloatTensor? vector) => vector is null ? null : FloatTensor.Vector(vector.Name, [.. vector.Values.Skip(first).Take(count)]);
        return @operator switch
        {
            Affine affine => new Affine(Part(affine.Scale), Part(affine.Bias)),
            PRelu activation => new PRelu(Part(activation.Slope)!),
            _ => @operator,
        };
    }
}

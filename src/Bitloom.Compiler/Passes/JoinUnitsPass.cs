using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Binary units of equal form whose results are joined become one unit in groups: one kernel, one pass over memory, nothing copied.
/// Made for BiSRNet's changes of dimension (arXiv 2305.10299, section 3.2).
/// <code>
/// before:  Concat(f1(BinaryConv2d(sign1, w1)) + x, f2(BinaryConv2d(sign2, w2)) + x)            f: affine, activations; read by nothing else
/// after:   f12(BinaryConv2d(Concat(sign1, sign2), w1 and w2, twice the groups)) + SelectChannels(x, twice)
/// </code>
/// </summary>
internal static class JoinUnitsPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        Node[] nodes = [.. graph.Nodes.SelectMany(n => n.Operator is Concat && new Join(editor, n).Run() is { } joined ? joined : [n])];
        return nodes.Length == graph.Nodes.Count ? graph : RemoveUnusedPass.Run(editor.With(nodes));
    }

    /// <summary>One concatenation; follows its parts backwards for as long as they are made alike.</summary>
    private sealed class Join(GraphEditor editor, Node concat)
    {
        private readonly List<Node> _nodes = [];

        internal Node[]? Run()
        {
            if (concat.Inputs.Count < 2 || JoinedName(concat.Inputs) is not { } top) return null;

            // The last node takes the concatenation's name.
            Node last = _nodes[_nodes.Count - 1];
            return top == last.Name ? [.. _nodes.Take(_nodes.Count - 1), last with { Name = concat.Name, Location = concat.Location }] : null;
        }

        // The tensor that holds the given ones side by side, or null where they are not made alike down to binary convolutions.
        private string? JoinedName(IReadOnlyList<string> tensors)
        {
            if (tensors.Distinct().Count() != tensors.Count) return null;
            Node?[] makers = [.. tensors.Select(editor.MakerOf)];
            if (makers.Any(m => m is null || !editor.HasOneReader(m.Name))) return null;
            Node[] parts = [.. makers.OfType<Node>()];
            return parts[0].Operator switch
            {
                BinaryConv2d => JoinConvolutions(parts),
                Operators.Add => JoinSums(parts),
                _ => JoinedOperator([.. parts.Select(p => p.Operator)]) is { } joined && JoinedName([.. parts.Select(p => p.Inputs[0])]) is { } input ? Append(joined, input) : null,
            };
        }

        private string? JoinConvolutions(Node[] parts)
        {
            BinaryConv2d[] convs = [.. parts.Select(p => p.Operator).OfType<BinaryConv2d>()];
            string[] signs = [.. parts.Select(p => p.Inputs[0])];
            bool alike = convs.Length == parts.Length && convs.All(c => c.Weight.Shape == convs[0].Weight.Shape && c.Window == convs[0].Window && c.Groups == convs[0].Groups)
                && signs.Distinct().Count() == signs.Length && signs.All(s => editor.MakerOf(s)?.Operator is Sign && editor.HasOneReader(s));
            if (!alike) return null;
            EquatableArray<int> shape = convs[0].Weight.Shape;
            var weight = new BitTensor(
                JoinNames(convs.Select(c => c.Weight.Name)), [shape[0] * parts.Length, shape[1], shape[2], shape[3]], convs.SelectMany(c => c.Weight.Words).ToEquatableArray());
            return Append(new BinaryConv2d(weight, convs[0].Window, convs[0].Groups * parts.Length), Append(new Concat(), signs));
        }

        // Sums of a unit and a residual: the same residual for all, whose channels are read as often as there are parts.
        private string? JoinSums(Node[] parts)
        {
            if (parts.Any(p => p.Operator is not Operators.Add)) return null;
            foreach (int position in new[] { 0, 1 })
            {
                string residual = parts[0].Inputs[1 - position];
                if (parts.Any(p => p.Inputs[1 - position] != residual) || JoinedName([.. parts.Select(p => p.Inputs[position])]) is not { } branch) continue;
                int channels = editor.Shapes[residual].Channels;
                string repeated = Append(new SelectChannels(Enumerable.Range(0, channels * parts.Length).Select(c => c % channels).ToEquatableArray()), residual);
                return position == 0 ? Append(new Add(), branch, repeated) : Append(new Add(), repeated, branch);
            }

            return null;
        }

        private static Operator? JoinedOperator(IReadOnlyList<Operator> parts) => parts[0] switch
        {
            Affine first when parts.All(p => p is Affine a && (a.Scale is null) == (first.Scale is null) && (a.Bias is null) == (first.Bias is null)) =>
                new Affine(JoinVectors(parts.Select(p => ((Affine)p).Scale)), JoinVectors(parts.Select(p => ((Affine)p).Bias))),
            PRelu when parts.All(p => p is PRelu) => new PRelu(JoinVectors(parts.Select(p => ((PRelu)p).Slope))!),
            Relu or LeakyRelu when parts.All(p => p == parts[0]) => parts[0],
            _ => null,
        };

        private static FloatTensor? JoinVectors(IEnumerable<FloatTensor?> vectors)
        {
            FloatTensor[] given = [.. vectors.OfType<FloatTensor>()];
            return given.Length == 0 ? null : FloatTensor.Vector(JoinNames(given.Select(v => v.Name)), [.. given.SelectMany(v => v.Values)]);
        }

        private static string JoinNames(IEnumerable<string> names) => string.Join(" and ", names.Distinct());

        private string Append(Operator @operator, params string[] inputs)
        {
            Node node = GraphEditor.Before(concat, FormattableString.Invariant($".joined_{_nodes.Count}"), @operator, inputs);
            _nodes.Add(node);
            return node.Name;
        }
    }
}

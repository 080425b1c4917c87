using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Moves elementwise work from after a pixel shuffle to before it, where the convolution that feeds the shuffle can do it.
/// <code>
/// before:  a -> PixelShuffle(r) -> f                     (the shuffle read by nothing else)
/// after:   a -> f' -> PixelShuffle(r)                    f' has each channel's constants r * r times
///
/// before:  a -> PixelShuffle(r) -> Add(., ResizeNearest(b, r))
/// after:   a -> Add(., b with each channel r * r times) -> PixelShuffle(r)
/// </code>
/// </summary>
internal static class HoistPixelShufflePass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            NetworkGraph next = RunOnce(graph);
            if (ReferenceEquals(next, graph)) return graph;
            graph = next;
        }
    }

    private static NetworkGraph RunOnce(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var replacements = new Dictionary<string, Node[]>();
        foreach (Node node in graph.Nodes)
        {
            foreach (string input in node.Inputs)
            {
                if (editor.MakerOf(input) is not { Operator: PixelShuffle } shuffle || !editor.HasOneReader(input) || replacements.ContainsKey(input)) continue;
                if (Hoist(editor, node, shuffle) is not { } replacement) continue;
                replacements.Add(shuffle.Name, []);
                replacements.Add(node.Name, replacement);
                break;
            }
        }

        return replacements.Count == 0 ? graph
            : RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(n => replacements.TryGetValue(n.Name, out Node[]? nodes) ? nodes : [n])));
    }

    // The nodes that take the place of node and of the shuffle before it; null where the work cannot move.
    private static Node[]? Hoist(GraphEditor editor, Node node, Node shuffle)
    {
        int factor = ((PixelShuffle)shuffle.Operator).Factor, copies = factor * factor;
        var before = new List<Node>();
        string operand = shuffle.Inputs[0];
        switch (node.Operator)
        {
            case Affine or PRelu or Relu or LeakyRelu or Scale or RPRelu:
                before.Add(GraphEditor.Before(node, ".before_shuffle", Repeat(node.Operator, copies), operand));
                break;
            case Add or Subtract:
                bool first = node.Inputs[0] == shuffle.Name;
                string other = node.Inputs[first ? 1 : 0];
                if (other == shuffle.Name || editor.MakerOf(other) is not { Operator: ResizeNearest nearest } resize || nearest.Factor != factor) return null;
                int channels = editor.Shapes[resize.Inputs[0]].Channels;
                Node spread = GraphEditor.Before(node, ".spread", new SelectChannels(Enumerable.Range(0, channels * copies).Select(c => c / copies).ToEquatableArray()), resize.Inputs[0]);
                before.Add(spread);
                before.Add(GraphEditor.Before(node, ".before_shuffle", node.Operator, first ? operand : spread.Name, first ? spread.Name : operand));
                break;
            default:
                return null;
        }

        before.Add(GraphEditor.Replace(node, shuffle.Operator, before[before.Count - 1].Name));
        return [.. before];
    }

    private static Operator Repeat(Operator @operator, int copies) => @operator switch
    {
        Affine affine => new Affine(Repeat(affine.Scale, copies), Repeat(affine.Bias, copies)),
        PRelu activation => new PRelu(Repeat(activation.Slope, copies)!),
        RPRelu activation => new RPRelu(Repeat(activation.Shift, copies)!, Repeat(activation.Slope, copies)!, Repeat(activation.Offset, copies)!),
        _ => @operator,
    };

    private static FloatTensor? Repeat(FloatTensor? tensor, int copies) =>
        tensor is null ? null : FloatTensor.Vector(tensor.Name, tensor.Values.SelectMany(v => Enumerable.Repeat(v, copies)).ToArray());
}

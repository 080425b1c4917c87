using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Takes signs after channels are chosen or joined, where bits would have to be copied otherwise: neighbouring channels of signs, and
/// signs that lie in one concatenation only, are read where they are.
/// <code>
/// before:  x -> Sign -> SelectChannels(3, 1, 1)     after:   x -> SelectChannels(3, 1, 1) -> Sign
/// before:  Concat(Sign(x), Sign(x))                 after:   Sign(Concat(x, x))
/// </code>
/// </summary>
internal static class SinkSignPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            var editor = new GraphEditor(graph);
            if (!graph.Nodes.Any(n => Copies(editor, n))) return graph;
            graph = RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(n => Copies(editor, n) ? Sink(editor, n) : [n])));
        }
    }

    // Signs chosen or joined in a way that is no view, or whose result is chosen or joined once more.
    private static bool Copies(GraphEditor editor, Node node) =>
        node.Operator is SelectChannels or Concat && node.Inputs.All(i => editor.MakerOf(i)?.Operator is Sign)
        && !(IsView(editor, node) && editor.ReadersOf(node.Name).All(r => r.Operator is BinaryConv2d));

    private static bool IsView(GraphEditor editor, Node node) => node.Operator is SelectChannels
        ? TensorViews.IsSlice(node)
        : node.Inputs.Distinct().Count() == node.Inputs.Count && node.Inputs.All(i => editor.ReadersOf(i).Count(r => r.Operator is Concat) == 1);

    private static Node[] Sink(GraphEditor editor, Node node)
    {
        Node before = GraphEditor.Before(node, ".before_sign", node.Operator, [.. node.Inputs.Select(i => editor.MakerOf(i)!.Inputs[0])]);
        return [before, GraphEditor.Replace(node, new Sign(), before.Name)];
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Takes signs after channels are chosen or joined, so that every binary convolution reads a <see cref="Sign"/>.
/// <code>
/// before:  x -> Sign -> SelectChannels              after:   x -> SelectChannels -> Sign
/// before:  Concat(Sign(x), Sign(y))                 after:   Sign(Concat(x, y))
/// </code>
/// </summary>
internal static class SinkSignPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            var editor = new GraphEditor(graph);
            if (!graph.Nodes.Any(n => ReadsSigns(editor, n))) return graph;
            graph = RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(n => ReadsSigns(editor, n) ? Sink(editor, n) : [n])));
        }
    }

    private static bool ReadsSigns(GraphEditor editor, Node node) =>
        node.Operator is SelectChannels or Concat && node.Inputs.All(i => editor.MakerOf(i)?.Operator is Sign);

    private static Node[] Sink(GraphEditor editor, Node node)
    {
        Node before = GraphEditor.Before(node, ".before_sign", node.Operator, [.. node.Inputs.Select(i => editor.MakerOf(i)!.Inputs[0])]);
        return [before, GraphEditor.Replace(node, new Sign(), before.Name)];
    }
}

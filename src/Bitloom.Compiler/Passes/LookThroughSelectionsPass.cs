using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// A choice of channels reads the tensor that holds them.
/// <code>
/// before:  Concat(a, b) -> SelectChannels(those of b)          after:   b
/// before:  x -> SelectChannels(c) -> SelectChannels(d)         after:   x -> SelectChannels(c[d])
/// before:  x -> SelectChannels(all in order), read by f        after:   x, read by f
/// </code>
/// </summary>
internal static class LookThroughSelectionsPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            var editor = new GraphEditor(graph);
            NetworkGraph next = RemoveIdentities(editor.With(graph.Nodes.Select(n => n.Operator is SelectChannels select ? LookThrough(editor, n, select) : n)));
            if (next == graph) return RemoveUnusedPass.Run(graph);
            graph = next;
        }
    }

    private static Node LookThrough(GraphEditor editor, Node node, SelectChannels select)
    {
        if (editor.MakerOf(node.Inputs[0]) is not { } maker) return node;
        if (maker.Operator is SelectChannels inner) return GraphEditor.Replace(node, new SelectChannels(select.Channels.Select(c => inner.Channels[c]).ToEquatableArray()), maker.Inputs[0]);
        if (maker.Operator is not Concat) return node;
        int first = 0;
        foreach (string part in maker.Inputs)
        {
            int count = editor.Shapes[part].Channels;
            if (select.Channels.All(c => c >= first && c < first + count))
                return GraphEditor.Replace(node, new SelectChannels(select.Channels.Select(c => c - first).ToEquatableArray()), part);
            first += count;
        }

        return node;
    }

    private static NetworkGraph RemoveIdentities(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var renamed = new Dictionary<string, string>();
        var nodes = new List<Node>();
        foreach (Node original in graph.Nodes)
        {
            Node node = original with { Inputs = original.Inputs.Select(i => renamed.TryGetValue(i, out string? name) ? name : i).ToEquatableArray() };
            bool isIdentity = node.Operator is SelectChannels select && select.Channels.SequenceEqual(Enumerable.Range(0, editor.Shapes[original.Inputs[0]].Channels));
            if (isIdentity && !editor.IsOutput(node.Name)) renamed.Add(node.Name, node.Inputs[0]);
            else nodes.Add(node);
        }

        return renamed.Count == 0 ? graph : editor.With(nodes);
    }
}

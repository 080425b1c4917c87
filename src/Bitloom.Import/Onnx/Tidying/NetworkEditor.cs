using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>A network with its readers, for rewrites that join a chain of nodes into its last.</summary>
internal sealed class NetworkEditor
{
    private readonly NetworkGraph _graph;
    private readonly ILookup<string, Node> _readers;
    private readonly HashSet<string> _outputs;
    private readonly Dictionary<string, Node> _joined = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    internal NetworkEditor(NetworkGraph graph)
    {
        _graph = graph;
        _readers = graph.Nodes.SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n))).ToLookup(r => r.Input, r => r.Node, StringComparer.Ordinal);
        _outputs = [.. graph.Outputs.Select(o => o.Tensor)];
    }

    /// <summary>The one node that reads a node's tensor, where nothing else does.</summary>
    internal Node? OnlyReader(Node node) => !_outputs.Contains(node.Name) && _readers[node.Name].Take(2).ToArray() is [var only] ? only : null;

    /// <summary>Puts <paramref name="joined"/> in place of the node of that name, without those whose work it does now.</summary>
    internal void Join(Node joined, params IEnumerable<Node> removed)
    {
        _joined[joined.Name] = joined;
        _removed.UnionWith(removed.Select(r => r.Name));
    }

    /// <summary>True where a node has been joined to another already.</summary>
    internal bool IsTaken(Node node) => _removed.Contains(node.Name) || _joined.ContainsKey(node.Name);

    /// <summary>As <see cref="Finish"/>; nodes whose last reader was joined go too.</summary>
    internal NetworkGraph FinishWithoutUnread()
    {
        var read = new HashSet<string>(_outputs, StringComparer.Ordinal);
        foreach (Node node in _graph.Nodes) read.UnionWith(_joined.GetValueOrDefault(node.Name, node).Inputs);
        _removed.UnionWith(_graph.Nodes.Where(n => _readers.Contains(n.Name) && !read.Contains(n.Name)).Select(n => n.Name));
        return Finish();
    }

    internal NetworkGraph Finish() => _removed.Count + _joined.Count == 0
        ? _graph
        : _graph with { Nodes = _graph.Nodes.Where(n => !_removed.Contains(n.Name)).Select(n => _joined.GetValueOrDefault(n.Name, n)).ToEquatableArray() };
}

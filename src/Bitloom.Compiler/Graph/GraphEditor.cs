using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>
/// A graph taken apart for one pass: who makes each tensor, who reads it, and its shape. A pass maps every node to its
/// replacements; names stay unique because a replacement keeps its node's name or extends it.
/// </summary>
internal sealed class GraphEditor
{
    private readonly Dictionary<string, Node> _makers = [];
    private readonly Dictionary<string, List<Node>> _readers = [];
    private readonly HashSet<string> _outputs;

    internal GraphEditor(NetworkGraph graph)
    {
        Graph = graph;
        Shapes = ShapeInference.Infer(graph).Value ?? throw new InvalidOperationException($"A pass was given an invalid graph '{graph.Name}'.");
        _outputs = [.. graph.Outputs.Select(o => o.Tensor)];
        foreach (Node node in graph.Nodes)
        {
            _makers.Add(node.Name, node);
            foreach (string input in node.Inputs.Distinct())
            {
                if (!_readers.TryGetValue(input, out List<Node>? list)) _readers.Add(input, list = []);
                list.Add(node);
            }
        }
    }

    internal NetworkGraph Graph { get; }

    internal ShapeTable Shapes { get; }

    /// <summary>The node that makes a tensor; null for a graph input.</summary>
    internal Node? MakerOf(string tensor) => _makers.TryGetValue(tensor, out Node? node) ? node : null;

    /// <summary>The graph inputs that a tensor is or joins; null where it is anything else.</summary>
    internal EquatableArray<string>? InputsIn(string tensor)
    {
        Node? maker = MakerOf(tensor);
        if (maker is null) return [tensor];
        return maker.Operator is Concat && maker.Inputs.All(i => MakerOf(i) is null) ? maker.Inputs : null;
    }

    /// <summary>Nodes that read a tensor, in order.</summary>
    internal IReadOnlyList<Node> ReadersOf(string tensor) => _readers.TryGetValue(tensor, out List<Node>? list) ? list : [];

    /// <summary>True where the caller receives the tensor.</summary>
    internal bool IsOutput(string tensor) => _outputs.Contains(tensor);

    /// <summary>True where nothing but one node reads the tensor, so that it need not exist by itself.</summary>
    internal bool HasOneReader(string tensor) => !IsOutput(tensor) && ReadersOf(tensor).Count == 1;

    /// <summary>The graph with other nodes.</summary>
    internal NetworkGraph With(IEnumerable<Node> nodes) => Graph with { Nodes = nodes.ToEquatableArray() };

    /// <summary>A node's replacement under the same name.</summary>
    internal static Node Replace(Node node, Operator @operator, params string[] inputs) =>
        node with { Operator = @operator, Inputs = EquatableArray.Adopt(inputs) };

    /// <summary>A new node before another, named after it.</summary>
    internal static Node Before(Node node, string suffix, Operator @operator, params string[] inputs) =>
        new(node.Name + suffix, @operator, EquatableArray.Adopt(inputs), new SourceLocation(node.Location.Line, node.Location.Column, node.Name + suffix));
}

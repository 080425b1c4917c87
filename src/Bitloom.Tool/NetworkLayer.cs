using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool;

/// <summary>
/// One node cut out of its network, back to the fp32 tensors that it reads or whose signs it reads:
/// <c>source -> Sign -> (rearrangements) -> BinaryConv2d</c>, or <c>sources -> node</c>.
/// </summary>
/// <param name="Node">The node, which makes an fp32 tensor.</param>
/// <param name="Sources">Names of the fp32 tensors that it starts from.</param>
/// <param name="Nodes">Signs, rearrangements of signs and the node, in the network's order.</param>
internal sealed record NetworkLayer(Node Node, IReadOnlyList<string> Sources, IReadOnlyList<Node> Nodes)
{
    /// <summary>The layers of every node but those that make signs, in order.</summary>
    internal static IReadOnlyList<NetworkLayer> Cut(NetworkGraph graph)
    {
        var signs = new Dictionary<string, Node>(StringComparer.Ordinal);
        var layers = new List<NetworkLayer>();
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Sign || (node.Operator is SelectChannels or Concat && node.Inputs.All(signs.ContainsKey))) signs.Add(node.Name, node);
            else layers.Add(Find(graph, node, signs));
        }

        return layers;
    }

    /// <summary>The node's tensor by the reference interpreter.</summary>
    /// <param name="sources">The tensors of <see cref="Sources"/> by name.</param>
    internal Tensor Compute(IReadOnlyDictionary<string, Tensor> sources)
    {
        IEnumerable<GraphInput> inputs = sources.Select(s => new GraphInput(
            s.Key,
            new TensorShape(s.Value.Channels, Extent.Constant(s.Value.Height), Extent.Constant(s.Value.Width)),
            Node.Location));
        var layer = new NetworkGraph(Node.Name, "", inputs.ToEquatableArray(), Nodes.ToEquatableArray(), [new GraphOutput(Node.Name, Node.Name, Node.Location)]);
        return Interpreter.Run(layer, sources)[Node.Name];
    }

    private static NetworkLayer Find(NetworkGraph graph, Node node, Dictionary<string, Node> signs)
    {
        var inside = new HashSet<string>(StringComparer.Ordinal) { node.Name };
        var sources = new List<string>();
        var pending = new Stack<string>(node.Inputs);
        while (pending.TryPop(out string? tensor))
        {
            if (!signs.TryGetValue(tensor, out Node? sign))
            {
                if (!sources.Contains(tensor)) sources.Add(tensor);
            }
            else if (inside.Add(tensor))
            {
                foreach (string input in sign.Inputs) pending.Push(input);
            }
        }

        return new NetworkLayer(node, sources, inside.Count == 1 ? [node] : [.. graph.Nodes.Where(n => inside.Contains(n.Name))]);
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool;

/// <summary>
/// One binary convolution cut out of its network, back to the fp32 tensors whose signs it reads:
/// <c>source -> Sign -> (rearrangements) -> BinaryConv2d</c>.
/// </summary>
/// <param name="Name">Name of the convolution and of its sums.</param>
/// <param name="Sources">Names of the fp32 tensors that it starts from.</param>
/// <param name="Nodes">Signs, rearrangements and the convolution, in the network's order.</param>
internal sealed record BinaryLayer(string Name, IReadOnlyList<string> Sources, IReadOnlyList<Node> Nodes)
{
    /// <summary>Cuts the layer of <paramref name="convolution"/> out of <paramref name="graph"/>.</summary>
    internal static BinaryLayer Find(NetworkGraph graph, Node convolution)
    {
        var byName = graph.Nodes.ToDictionary(n => n.Name);
        var inside = new HashSet<string> { convolution.Name };
        var sources = new List<string>();
        var pending = new Stack<(string Tensor, bool IsSource)>(convolution.Inputs.Select(t => (t, false)));
        while (pending.TryPop(out (string Tensor, bool IsSource) next))
        {
            if (next.IsSource || !byName.TryGetValue(next.Tensor, out Node? node))
            {
                if (!sources.Contains(next.Tensor)) sources.Add(next.Tensor);
            }
            else if (inside.Add(node.Name))
            {
                foreach (string input in node.Inputs) pending.Push((input, node.Operator is Sign));
            }
        }

        return new BinaryLayer(convolution.Name, sources, [.. graph.Nodes.Where(n => inside.Contains(n.Name))]);
    }

    /// <summary>The layer's sums by the reference interpreter.</summary>
    /// <param name="sources">The tensors of <see cref="Sources"/> by name.</param>
    internal Tensor Compute(IReadOnlyDictionary<string, Tensor> sources)
    {
        IEnumerable<GraphInput> inputs = sources.Select(s => new GraphInput(
            s.Key,
            new TensorShape(s.Value.Channels, Extent.Constant(s.Value.Height), Extent.Constant(s.Value.Width)),
            Nodes[^1].Location));
        var layer = new NetworkGraph(Name, "", inputs.ToEquatableArray(), Nodes.ToEquatableArray(), [new GraphOutput(Name, Name, Nodes[^1].Location)]);
        return Interpreter.Run(layer, sources)[Name];
    }
}

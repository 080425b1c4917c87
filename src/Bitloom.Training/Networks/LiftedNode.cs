using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Networks;

/// <summary>
/// What becomes one layer: a node, or a binary convolution with the affine that scales its sums. In training that scale is no parameter of
/// its own; it is the mean magnitude of the real weights:
/// <code>
///   signs -> BinaryConv2d -> Affine(scale, bias)     one layer, y = mean|W| * conv(signs, sign(W)) + bias
/// </code>
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="ScaleNode">The affine that belongs to a binary convolution, or null.</param>
internal sealed record LiftedNode(Node Node, Node? ScaleNode)
{
    /// <summary>The tensor that the layer makes.</summary>
    internal string Output => (ScaleNode ?? Node).Name;

    /// <summary>The layers of a graph, in order.</summary>
    internal static IReadOnlyList<LiftedNode> Lift(NetworkGraph graph)
    {
        var readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(input => (input, n))).ToLookup(p => p.input, p => p.n);
        var scales = new Dictionary<string, Node>();
        foreach (Node node in graph.Nodes.Where(n => n.Operator is BinaryConv2d))
        {
            bool isOutput = graph.Outputs.Any(o => o.Tensor == node.Name);
            if (!isOutput && readers[node.Name].ToArray() is [{ Operator: Affine { Scale: not null } } scale]) scales.Add(node.Name, scale);
        }

        HashSet<string> absorbed = [.. scales.Values.Select(n => n.Name)];
        return [.. graph.Nodes.Where(n => !absorbed.Contains(n.Name)).Select(n => new LiftedNode(n, scales.GetValueOrDefault(n.Name)))];
    }
}

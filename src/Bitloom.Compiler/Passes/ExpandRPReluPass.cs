using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  x -> RPRelu(shift, slope, offset)
/// after:   x -> Affine(bias: shift) -> PRelu(slope) -> Affine(bias: offset)
/// </code>
/// so that the shift can merge with a scale before it.
/// </summary>
internal static class ExpandRPReluPass
{
    internal static NetworkGraph Run(NetworkGraph graph) =>
        graph with { Nodes = graph.Nodes.SelectMany(n => n.Operator is RPRelu activation ? Expand(n, activation) : [n]).ToEquatableArray() };

    private static Node[] Expand(Node node, RPRelu activation)
    {
        Node shifted = GraphEditor.Before(node, ".shift", new Affine(null, activation.Shift), node.Inputs[0]);
        Node bent = GraphEditor.Before(node, ".prelu", new PRelu(activation.Slope), shifted.Name);
        return [shifted, bent, GraphEditor.Replace(node, new Affine(null, activation.Offset), bent.Name)];
    }
}

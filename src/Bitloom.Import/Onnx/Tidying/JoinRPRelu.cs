using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>
/// Joins the three nodes of a shifted rectifier. Results stay the same bit for bit.
/// <code>
///   before   Affine(+shift) -> PRelu(slope) -> Affine(+offset)
///   after    RPRelu(shift, slope, offset)
/// </code>
/// </summary>
internal static class JoinRPRelu
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new NetworkEditor(graph);
        foreach (Node first in graph.Nodes)
        {
            if (first.Operator is not Affine { Scale: null, Bias: { } shift } || editor.IsTaken(first) || editor.OnlyReader(first) is not { Operator: PRelu { Slope: var slope } } middle) continue;
            if (editor.OnlyReader(middle) is not { Operator: Affine { Scale: null, Bias: { } offset } } last) continue;
            editor.Join(last with { Operator = new RPRelu(shift, slope, offset), Inputs = first.Inputs }, first, middle);
        }

        return editor.Finish();
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>
/// Joins a scale and the bias after it. Results stay the same bit for bit.
/// <code>
///   before   Affine(*scale) -> Affine(+bias)
///   after    Affine(*scale, +bias)
/// </code>
/// </summary>
internal static class JoinAffine
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new NetworkEditor(graph);
        foreach (Node first in graph.Nodes)
        {
            if (first.Operator is Affine { Scale: { } scale, Bias: null } && editor.OnlyReader(first) is { Operator: Affine { Scale: null, Bias: { } bias } } last)
                editor.Join(last with { Operator = new Affine(scale, bias), Inputs = first.Inputs }, first);
        }

        return editor.Finish();
    }
}

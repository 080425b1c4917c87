using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>
/// Gives a layer normalisation without weights those that follow it. The result is rounded as a LayerNorm rounds it.
/// <code>
///   before   LayerNorm(1, 0) -> Affine(*gamma, +beta)
///   after    LayerNorm(gamma, beta)
/// </code>
/// </summary>
internal static class JoinLayerNorm
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new NetworkEditor(graph);
        foreach (Node norm in graph.Nodes)
        {
            if (norm.Operator is not LayerNorm plain || plain.Gamma.Values.Any(v => v != 1) || plain.Beta.Values.Any(v => v != 0)) continue;
            if (editor.OnlyReader(norm) is { Operator: Affine affine } weights)
                editor.Join(weights with { Operator = plain with { Gamma = affine.Scale ?? plain.Gamma, Beta = affine.Bias ?? plain.Beta }, Inputs = norm.Inputs }, norm);
        }

        return editor.Finish();
    }
}

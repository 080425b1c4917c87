using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>
/// Checks where one-bit tensors flow. Signs are stored as bits, which only binary convolutions read; on the way they may be selected
/// and concatenated:
/// <code>
///   x -> Sign -> [SelectChannels | Concat of signs]* -> BinaryConv2d        accepted
///   x -> BinaryConv2d,  Sign -> Conv2d,  Sign -> Add,  Concat(sign, x)      refused, with what to do instead
/// </code>
/// </summary>
public static class SignFlow
{
    /// <summary>One error for each node or output that breaks the rule.</summary>
    public static EquatableArray<BloomDiagnostic> Check(NetworkGraph graph)
    {
        var signs = new HashSet<string>(StringComparer.Ordinal);
        var diagnostics = new List<BloomDiagnostic>();
        foreach (Node node in graph.Nodes)
        {
            if (FindError(node, signs) is { } error) diagnostics.Add(BloomRules.UnsupportedForm.At(node.Location, error));
            if (node.Operator is Sign || (node.Operator is SelectChannels or Concat && node.Inputs.All(signs.Contains))) signs.Add(node.Name);
        }

        foreach (GraphOutput output in graph.Outputs.Where(o => signs.Contains(o.Tensor)))
            diagnostics.Add(BloomRules.UnsupportedForm.At(output.Location, $"output '{output.Name}' is the sign '{output.Tensor}', which exists only as bits: return the tensor before the Sign"));
        return diagnostics.ToEquatableArray();
    }

    private static string? FindError(Node node, HashSet<string> signs)
    {
        string? sign = node.Inputs.FirstOrDefault(signs.Contains), other = node.Inputs.FirstOrDefault(i => !signs.Contains(i));
        return node.Operator switch
        {
            BinaryConv2d => other is null ? null : $"BinaryConv2d reads '{other}', which is not a sign: put a Sign between them",
            _ when sign is null => null,
            Sign => $"Sign reads '{sign}', which is a sign already: remove this node",
            SelectChannels => null,
            Concat => other is null ? null : $"Concat joins the sign '{sign}' with '{other}', which is not one: concatenate before the Sign, or only signs",
            Conv2d => $"Conv2d reads the sign '{sign}': where its weights are +-s, use BinaryConv2d and an Affine with scale s; else read the tensor before the Sign",
            _ => $"{node.Operator.Kind} reads the sign '{sign}': signs feed only BinaryConv2d, SelectChannels and Concat; read the tensor before the Sign",
        };
    }
}

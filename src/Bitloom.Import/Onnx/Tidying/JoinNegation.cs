using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>
/// Takes the signs of a negative from what the affine before it reads, so that both signs are stored by the step that makes x. Products and
/// sums round alike on both sides of 0, so results stay the same but for the sign of 0, of which Sign makes +1 either way.
/// <code>
///   before   x -> Affine(*scale, +bias) -> Sign             x -> Affine -> Scale(-1) -> Sign
///   after    x -> Affine(*scale, +bias) -> Sign             x -> Affine(*-scale, -bias) -> Sign
/// </code>
/// </summary>
internal static class JoinNegation
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new NetworkEditor(graph);
        var names = new NodeNames();
        foreach (string name in graph.Nodes.SelectMany(n => n.Operator.FloatWeights.Select(w => w.Name).Concat(n.Operator.BitWeights.Select(w => w.Name))).Distinct()) names.Take(name);
        Dictionary<string, Node> makers = graph.Nodes.Where(n => n.Operator is Affine or Scale).ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (Node negative in graph.Nodes)
        {
            if (negative.Operator is Scale { Factor: -1 } && makers.TryGetValue(negative.Inputs[0], out Node? before) && editor.OnlyReader(negative) is { Operator: Sign } && Negate(before, names) is { } joined)
                editor.Join(negative with { Operator = joined, Inputs = before.Inputs });
        }

        return editor.FinishWithoutUnread();
    }

    // Null for an affine of nothing.
    private static Operator? Negate(Node node, NodeNames names)
    {
        if (node.Operator is Scale scale) return new Scale(-scale.Factor);
        (FloatTensor? factors, FloatTensor? bias) = (Affine)node.Operator;
        if (factors is not null) return new Affine(Negate(factors, names), bias is null ? null : Negate(bias, names));
        return bias is null ? null : new Affine(FloatTensor.Vector(names.Take(node.Name + ".negative"), [.. bias.Values.Select(_ => -1f)]), Negate(bias, names));
    }

    private static FloatTensor Negate(FloatTensor weight, NodeNames names) =>
        weight with { Name = names.Take(weight.Name + ".negative"), Values = weight.Values.Select(v => -v).ToEquatableArray() };
}

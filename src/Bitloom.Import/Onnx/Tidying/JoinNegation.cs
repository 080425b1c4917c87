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
        Dictionary<string, Node> affines = graph.Nodes.Where(n => n.Operator is Affine).ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (Node negative in graph.Nodes)
        {
            if (negative.Operator is not Scale { Factor: -1 } || !affines.TryGetValue(negative.Inputs[0], out Node? before) || editor.OnlyReader(negative) is not { Operator: Sign }) continue;
            var affine = (Affine)before.Operator;
            FloatTensor scale = affine.Scale is { } factors
                ? Negate(factors, names)
                : FloatTensor.Vector(names.Take(negative.Name + ".scale"), [.. Enumerable.Repeat(-1f, affine.Bias?.Values.Count ?? 0)]);
            if (scale.Values.Count > 0) editor.Join(negative with { Operator = new Affine(scale, affine.Bias is { } bias ? Negate(bias, names) : null), Inputs = before.Inputs });
        }

        return editor.FinishWithoutUnread();
    }

    private static FloatTensor Negate(FloatTensor weight, NodeNames names) =>
        weight with { Name = names.Take(weight.Name + ".negative"), Values = weight.Values.Select(v => -v).ToEquatableArray() };
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  x -> Conv2d(w, b) -> Affine(s, t)            (the convolution read by nothing else, w used by nothing else)
/// after:   x -> Conv2d(w * s, b * s + t)
/// </code>
/// Computed in double precision, rounded once. Weights that several convolutions share stay as they are, so that they exist once. The factors
/// of large weights stay behind the convolution, which costs nothing beside so many multiplications: the weights stay those of the
/// descriptor, from which they can then be read in place.
/// <code>
/// after:   x -> Conv2d(w) -> Affine(s, b * s + t)
/// </code>
/// </summary>
internal static class FoldAffineIntoConvPass
{
    private const int LargeWeight = 1 << 18;

    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var absorbed = new HashSet<string>();
        ILookup<string, Node> users = graph.Nodes.SelectMany(n => n.Operator.FloatWeights, (node, weight) => (weight.Name, node)).ToLookup(u => u.Name, u => u.node);
        var nodes = new List<Node>();
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Affine affine && editor.MakerOf(node.Inputs[0]) is { Operator: Conv2d conv } maker && editor.HasOneReader(maker.Name)
                && users[conv.Weight.Name].Count() == 1)
            {
                if (affine.Scale is not null && conv.Weight.Values.Count >= LargeWeight)
                {
                    if (conv.Bias is not null) nodes[nodes.IndexOf(maker)] = maker with { Operator = conv with { Bias = null } };
                    nodes.Add(conv.Bias is null ? node : node with { Operator = new Affine(affine.Scale, Fold(conv, affine).Bias) });
                    continue;
                }

                absorbed.Add(maker.Name);
                nodes.Add(node with { Operator = affine.Scale is null ? conv with { Bias = Fold(conv, affine).Bias } : Fold(conv, affine), Inputs = maker.Inputs });
            }
            else nodes.Add(node);
        }

        return editor.With(nodes.Where(n => !absorbed.Contains(n.Name)));
    }

    private static Conv2d Fold(Conv2d conv, Affine affine)
    {
        int outputs = conv.Weight.Shape[0], taps = conv.Weight.Values.Count / outputs;
        var weight = new float[conv.Weight.Values.Count];
        var bias = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            double factor = affine.Scale?.Values[o] ?? 1;
            for (int t = 0; t < taps; t++) weight[(o * taps) + t] = (float)(conv.Weight.Values[(o * taps) + t] * factor);
            bias[o] = (float)(((conv.Bias?.Values[o] ?? 0) * factor) + (affine.Bias?.Values[o] ?? 0));
        }

        return conv with
        {
            Weight = conv.Weight with { Values = EquatableArray.Adopt(weight) },
            Bias = FloatTensor.Vector(conv.Bias?.Name ?? conv.Weight.Name + ".bias", bias),
        };
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  x -> Affine(s1, b1) -> Affine(s2, b2)        (the first read by nothing else)
/// after:   x -> Affine(s1 * s2, b1 * s2 + b2)
/// </code>
/// <see cref="Scale"/> counts as an affine of equal scales. Affines that change nothing vanish. Computed in double precision.
/// </summary>
internal static class MergeAffinePass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var merged = new Dictionary<string, Node>();
        var renamed = new Dictionary<string, string>();
        var nodes = new List<Node>();
        foreach (Node original in graph.Nodes)
        {
            Node node = original with { Inputs = original.Inputs.Select(i => renamed.TryGetValue(i, out string? name) ? name : i).ToEquatableArray() };
            int channels = editor.Shapes[node.Name].Channels;
            if (AsAffine(node, channels) is { } outer)
            {
                if (merged.TryGetValue(node.Inputs[0], out Node? inner) && editor.HasOneReader(original.Inputs[0]) && editor.HasOneReader(inner.Name))
                {
                    nodes.Remove(inner);
                    outer = Merge(node.Name, (Affine)inner.Operator, outer, channels);
                    node = node with { Inputs = inner.Inputs };
                }

                if (IsIdentity(outer) && !editor.IsOutput(node.Name))
                {
                    renamed.Add(node.Name, node.Inputs[0]);
                    continue;
                }

                node = node with { Operator = outer };
                merged.Add(node.Name, node);
            }

            nodes.Add(node);
        }

        return editor.With(nodes);
    }

    private static Affine? AsAffine(Node node, int channels) => node.Operator switch
    {
        Affine affine => affine,
        Scale scale => new Affine(FloatTensor.Vector(node.Name + ".scale", Enumerable.Repeat(scale.Factor, channels).ToArray()), null),
        _ => null,
    };

    private static bool IsIdentity(Affine affine) =>
        (affine.Scale is null || affine.Scale.Values.All(v => v == 1)) && (affine.Bias is null || affine.Bias.Values.All(v => v == 0));

    private static Affine Merge(string name, Affine inner, Affine outer, int channels)
    {
        var scale = new float[channels];
        var bias = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double factor = outer.Scale?.Values[c] ?? 1;
            scale[c] = (float)((inner.Scale?.Values[c] ?? 1) * factor);
            bias[c] = (float)(((inner.Bias?.Values[c] ?? 0) * factor) + (outer.Bias?.Values[c] ?? 0));
        }

        return new Affine(
            inner.Scale is null && outer.Scale is null ? null : FloatTensor.Vector(name + ".scale", scale),
            inner.Bias is null && outer.Bias is null ? null : FloatTensor.Vector(name + ".bias", bias));
    }
}

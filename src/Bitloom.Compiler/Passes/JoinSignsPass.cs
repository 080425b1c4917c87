using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Signs of all parts of a tensor become signs of the whole, which the kernel that makes the tensor takes on its way; the parts are
/// where they lie. The affine before a sign may be missing.
/// <code>
/// before:  x -> SelectChannels(first half)  -> Affine(k1, b1) -> Sign = s1
///          x -> SelectChannels(second half) -> Affine(k2, b2) -> Sign = s2
/// after:   x -> Affine(k1 and k2, b1 and b2) -> Sign -> SelectChannels(first half)  = s1
///                                                    -> SelectChannels(second half) = s2
/// </code>
/// </summary>
internal static class JoinSignsPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var replacements = new Dictionary<string, Node[]>();
        foreach (string tensor in graph.Inputs.Select(i => i.Name).Concat(graph.Nodes.Select(n => n.Name)))
            if (FindParts(editor, tensor) is { } parts) Join(editor, tensor, parts, replacements);
        return replacements.Count == 0 ? graph
            : RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(n => replacements.TryGetValue(n.Name, out Node[]? nodes) ? nodes : [n])));
    }

    // The parts of a tensor in the order of its channels, or null where they do not make up the whole or one has not just one sign.
    private static List<Part>? FindParts(GraphEditor editor, string tensor)
    {
        Node[] slices = [.. editor.ReadersOf(tensor).Where(TensorViews.IsSlice).OrderBy(s => ((SelectChannels)s.Operator).Channels[0])];
        if (slices.Length < 2) return null;
        var parts = new List<Part>();
        int channel = 0;
        foreach (Node slice in slices)
        {
            EquatableArray<int> channels = ((SelectChannels)slice.Operator).Channels;
            if (channels[0] != channel || FindSign(editor, slice.Name) is not var (sign, before)) return null;
            parts.Add(new Part(channel, channels.Count, before, sign));
            channel += channels.Count;
        }

        return channel == editor.Shapes[tensor].Channels ? parts : null;
    }

    private static (Node Sign, Affine? Before)? FindSign(GraphEditor editor, string slice)
    {
        var signs = new List<(Node Sign, Affine? Before)>();
        foreach (Node reader in editor.ReadersOf(slice))
        {
            if (reader.Operator is Sign) signs.Add((reader, null));
            else if (reader.Operator is Affine affine && editor.HasOneReader(reader.Name) && editor.ReadersOf(reader.Name)[0] is { Operator: Sign } sign) signs.Add((sign, affine));
        }

        return signs.Count == 1 && editor.ReadersOf(signs[0].Sign.Name).All(r => r.Operator is BinaryConv2d) ? signs[0] : null;
    }

    private static void Join(GraphEditor editor, string tensor, List<Part> parts, Dictionary<string, Node[]> replacements)
    {
        Node first = editor.Graph.Nodes.First(n => parts.Any(p => p.Sign == n));
        var joined = new List<Node>();
        if (parts.Any(p => p.Before is not null))
        {
            joined.Add(GraphEditor.Before(first, ".joined_affine", new Affine(
                JoinConstants(parts, p => p.Before?.Scale, 1), JoinConstants(parts, p => p.Before?.Bias, 0)), tensor));
        }

        joined.Add(GraphEditor.Before(first, ".joined", new Sign(), joined.Count > 0 ? joined[0].Name : tensor));
        string signs = joined[joined.Count - 1].Name;
        foreach (Part part in parts)
        {
            Node slice = GraphEditor.Replace(part.Sign, SelectChannels.Slice(part.First, part.Count), signs);
            replacements.Add(part.Sign.Name, part.Sign == first ? [.. joined, slice] : [slice]);
        }
    }

    // A missing scale is 1 and a missing bias 0, which change no sign.
    private static FloatTensor? JoinConstants(List<Part> parts, Func<Part, FloatTensor?> constant, float otherwise)
    {
        if (parts.All(p => constant(p) is null)) return null;
        string name = string.Join(" and ", parts.Select(p => constant(p)?.Name).OfType<string>().Distinct());
        return FloatTensor.Vector(name, [.. parts.SelectMany(p => constant(p)?.Values ?? Enumerable.Repeat(otherwise, p.Count).ToEquatableArray())]);
    }

    private sealed record Part(int First, int Count, Affine? Before, Node Sign);
}

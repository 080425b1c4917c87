using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Moves elementwise work that keeps zeros from ghosts to the channels that they are made of: less work, and the kernel that makes
/// those can do it.
/// <code>
/// before:  p -> ShiftedChannels -> f          f(0) = 0, both read by nothing else
/// after:   p -> f' -> ShiftedChannels         f' has the constants of the channels that p's channels become
/// </code>
/// where all channels made of one have the same constants.
/// </summary>
internal static class HoistOverGhostsPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        while (true)
        {
            NetworkGraph next = RunOnce(graph);
            if (ReferenceEquals(next, graph)) return graph;

            // What stands behind a pixel shuffle now may move before that too.
            graph = HoistPixelShufflePass.Run(next);
        }
    }

    private static NetworkGraph RunOnce(NetworkGraph graph)
    {
        if (!graph.Nodes.Any(n => n.Operator is ShiftedChannels)) return graph;
        var editor = new GraphEditor(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Inputs.Count != 1 || editor.MakerOf(node.Inputs[0]) is not { Operator: ShiftedChannels choice } ghosts) continue;
            if (!editor.HasOneReader(ghosts.Name) || !editor.HasOneReader(ghosts.Inputs[0])) continue;
            if (Before(node.Operator, choice, editor.Shapes[ghosts.Inputs[0]].Channels) is not { } moved) continue;
            Node first = GraphEditor.Before(node, ".before_ghosts", moved, ghosts.Inputs[0]);
            return editor.With(graph.Nodes.Where(n => n != ghosts).SelectMany(n => n == node ? new[] { first, GraphEditor.Replace(node, choice, first.Name) } : [n]));
        }

        return graph;
    }

    private static Operator? Before(Operator @operator, ShiftedChannels choice, int channels) => @operator switch
    {
        Relu or LeakyRelu or Scale => @operator,
        PRelu activation => Constants(activation.Slope, choice, channels) is { } slope ? new PRelu(slope) : null,
        Affine { Scale: { } factors, Bias: null } => Constants(factors, choice, channels) is { } scale ? new Affine(scale, null) : null,
        _ => null,
    };

    // For each channel read the constant of the channels made of it; null where they differ.
    private static FloatTensor? Constants(FloatTensor tensor, ShiftedChannels choice, int channels)
    {
        float?[] values = new float?[channels];
        for (int c = 0; c < choice.Channels.Count; c++)
        {
            ref float? value = ref values[choice.Channels[c]];
            if (value is { } other && !other.Equals(tensor.Values[c])) return null;
            value = tensor.Values[c];
        }

        return FloatTensor.Vector(tensor.Name, [.. values.Select(v => v ?? 1)]);
    }
}

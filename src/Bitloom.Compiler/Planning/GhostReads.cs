using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Which shifted channels need no copy.</summary>
internal static class GhostReads
{
    /// <summary>True where every reader of shifted channels adds them at their offsets, so that no step makes them.</summary>
    internal static bool AreInPlace(GraphEditor graph, Node node) =>
        node.Operator is ShiftedChannels { IsNear: true } && !graph.IsOutput(node.Name) && graph.ReadersOf(node.Name).All(r => r.Operator is Add or Subtract);

    /// <summary>
    /// Bytes of ghosts that have no memory of their own: planes of channels that are read at their offsets and that no step copies.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sizes">Values of the free sizes.</param>
    internal static long BytesNotMoved(Plan plan, IReadOnlyDictionary<string, int> sizes)
    {
        var graph = new GraphEditor(plan.Lowered);
        TensorViews views = TensorViews.Of(graph);
        var read = new HashSet<(string Tensor, int Channel, PixelOffset Offset)>();
        var copied = new HashSet<(string Tensor, int Channel, PixelOffset Offset)>();
        foreach (Node node in plan.Lowered.Nodes)
        {
            if ((node.Operator as ShiftedChannels ?? (node.Operator as WinogradConv2d)?.Ghosts) is not { } choice) continue;
            (string root, int first) = views.RootOf(node.Inputs[0]);
            bool isRead = node.Operator is WinogradConv2d || AreInPlace(graph, node);
            (isRead ? read : copied).UnionWith(choice.Channels.Zip(choice.Offsets, (channel, offset) => (root, first + channel, offset)).Where(g => !g.offset.IsZero));
        }

        return read.Except(copied).Sum(g => (long)sizeof(float) * graph.Shapes[g.Tensor].Height.Evaluate(sizes) * graph.Shapes[g.Tensor].Width.Evaluate(sizes));
    }

    /// <summary>Channels read at an offset.</summary>
    internal static int Count(ShiftedChannels choice) => choice.Offsets.Count(o => !o.IsZero);
}

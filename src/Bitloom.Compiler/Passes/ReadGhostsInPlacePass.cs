using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  p -> ShiftedChannels -> WinogradConv2d(w)
/// after:   p -> WinogradConv2d(w, ShiftedChannels)
/// </code>
/// for offsets near enough to read at. Input channels that are the same shift of the same channel become one, with the sum of their
/// weights: a ghost at offset zero costs nothing. Large weights stay as they are, so that they can be read from the descriptor in place.
/// </summary>
internal static class ReadGhostsInPlacePass
{
    private const int LargeWeight = 1 << 18;

    internal static NetworkGraph Run(NetworkGraph graph)
    {
        if (!graph.Nodes.Any(n => n.Operator is ShiftedChannels)) return graph;
        var editor = new GraphEditor(graph);
        return RemoveUnusedPass.Run(editor.With(graph.Nodes.Select(node =>
            node.Operator is WinogradConv2d { Ghosts: null } conv && editor.MakerOf(node.Inputs[0]) is { Operator: ShiftedChannels { IsNear: true } choice } ghosts
                ? GraphEditor.Replace(node, Merge(conv.Weight, choice, editor.Shapes[ghosts.Inputs[0]].Channels), ghosts.Inputs[0]) : node)));
    }

    private static WinogradConv2d Merge(FloatTensor weight, ShiftedChannels choice, int channels)
    {
        (int Channel, PixelOffset Offset)[] all = [.. choice.Channels.Zip(choice.Offsets, (channel, offset) => (channel, offset))];
        (int Channel, PixelOffset Offset)[] kept = weight.Values.Count >= LargeWeight ? all : [.. all.Distinct()];
        bool isPlain = kept.Length == channels && kept.Select((k, i) => k.Channel == i && k.Offset.IsZero).All(plain => plain);
        ShiftedChannels? ghosts = isPlain ? null : new ShiftedChannels(kept.Select(k => k.Channel).ToEquatableArray(), kept.Select(k => k.Offset).ToEquatableArray());
        if (kept.Length == all.Length) return new WinogradConv2d(weight, ghosts);

        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        int[] places = [.. all.Select(a => Array.IndexOf(kept, a))];
        var sums = new double[outputs * kept.Length * 9];
        for (int output = 0; output < outputs; output++)
            for (int input = 0; input < inputs; input++)
                for (int tap = 0; tap < 9; tap++)
                    sums[(((output * kept.Length) + places[input]) * 9) + tap] += weight.Values[(((output * inputs) + input) * 9) + tap];
        return new WinogradConv2d(new FloatTensor(weight.Name + ".merged", [outputs, kept.Length, 3, 3], sums.Select(v => (float)v).ToEquatableArray()), ghosts);
    }
}

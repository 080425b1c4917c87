using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Looks through choices of channels, shifted or not, that no step makes.</summary>
internal static class ChannelChoice
{
    /// <summary>The tensor that is read in place of <paramref name="tensor"/>, with the channels, and their offsets where some are not zero.</summary>
    internal static (string Tensor, EquatableArray<int> Channels, EquatableArray<PixelOffset> Offsets) Resolve(GraphEditor graph, string tensor, Func<string, bool> isMade)
    {
        EquatableArray<int> channels = Enumerable.Range(0, graph.Shapes[tensor].Channels).ToEquatableArray();
        EquatableArray<PixelOffset> offsets = [];
        while (!isMade(tensor) && graph.MakerOf(tensor) is { } node && (node.Operator is SelectChannels || GhostReads.AreInPlace(graph, node)))
        {
            // Nothing but sums reads shifted channels in place, so they come first, if at all.
            if (node.Operator is ShiftedChannels choice) (offsets, channels) = (choice.Offsets, choice.Channels);
            else channels = channels.Select(c => ((SelectChannels)node.Operator).Channels[c]).ToEquatableArray();
            tensor = node.Inputs[0];
        }

        return (tensor, channels, offsets.All(o => o.IsZero) ? [] : offsets);
    }
}

using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>
/// The order in which a layer with ghosts has the channels of its dense parent: intrinsic ones first, rising; then each place of a ghost has
/// a channel that was dropped, matched so that a ghost comes from an intrinsic channel with a filter near to the dropped one's. Consumers
/// go on reading at that place what they read from the dropped channel.
/// </summary>
internal static class ChannelOrder
{
    /// <summary>Chooses intrinsic channels by <see cref="FilterClusters"/> and matches the others.</summary>
    /// <param name="filters">The dense parent's filters, one a channel.</param>
    /// <param name="intrinsic">How many are intrinsic.</param>
    /// <param name="random">Where the starts of k-means come from.</param>
    /// <returns>At each place, the number of the parent's channel.</returns>
    internal static int[] Choose(IReadOnlyList<float[]> filters, int intrinsic, CounterRandom random)
    {
        int[] kept = FilterClusters.Representatives(filters, intrinsic, random);
        var places = new int[filters.Count - intrinsic];
        Array.Fill(places, -1);
        var pairs =
            from channel in Enumerable.Range(0, filters.Count).Except(kept)
            from place in Enumerable.Range(0, places.Length)
            let distance = FilterClusters.SquaredDistance(filters[channel], FilterClusters.ToDoubles(filters[kept[place % intrinsic]]))
            orderby distance, channel, place
            select (channel, place);

        // The nearest pair of all first, as long as both are free.
        foreach ((int channel, int place) in pairs)
            if (places[place] < 0 && !places.Contains(channel)) places[place] = channel;
        return [.. kept, .. places];
    }
}

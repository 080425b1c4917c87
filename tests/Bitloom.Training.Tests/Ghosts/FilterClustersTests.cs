using Bitloom.Training.Ghosts;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Ghosts;

/// <summary>Which filters are intrinsic, and which ghost stands for a dropped one.</summary>
public class FilterClustersTests
{
    // Three heaps; the middle of each is filters 1, 4 and 7.
    private static readonly float[][] Heaps = [[0, -0.3f], [0, 0], [0, 0.4f], [5, 0.2f], [5, 0], [5, -0.2f], [-9, 3], [-9, 3.1f], [-9, 3.5f]];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_filter_nearest_to_each_centre_represents_its_cluster(ulong seed) =>
        Assert.Equal([1, 4, 7], FilterClusters.Representatives(Heaps, 3, new CounterRandom(seed)));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void There_are_as_many_different_filters_as_clusters(int clusters)
    {
        float[][] equal = [.. Enumerable.Range(0, 9).Select(i => new float[] { i / 4, 1 })];
        foreach (float[][] filters in new[] { Heaps, equal })
        {
            int[] chosen = FilterClusters.Representatives(filters, clusters, new CounterRandom(7));
            Assert.Equal(clusters, chosen.Distinct().Count());
            Assert.Equal(chosen.Order(), chosen);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_ghosts_place_has_the_dropped_channel_that_is_nearest_to_its_intrinsic_one(ulong seed)
    {
        // Pairs (0, 5), (1, 3) and (2, 4): which of a pair is kept is even.
        int[] order = ChannelOrder.Choose([[0], [10], [20], [10.6f], [20.1f], [0.4f]], 3, new CounterRandom(seed));
        Assert.Equal([0, 1, 2, 3, 4, 5], order.Order());
        int[] partner = [5, 3, 4, 1, 2, 0];
        for (int ghost = 0; ghost < 3; ghost++) Assert.Equal(partner[order[ghost]], order[3 + ghost]);
    }

    [Fact]
    public void With_all_channels_kept_their_order_stays() => Assert.Equal([0, 1, 2, 3], ChannelOrder.Choose([[3], [1], [2], [1]], 4, new CounterRandom(1)));

    [Fact]
    public void An_intrinsic_channel_may_have_several_ghosts()
    {
        int[] order = ChannelOrder.Choose([[0], [1], [0.2f], [1.2f], [0.1f]], 2, new CounterRandom(1));
        Assert.Equal([0, 1, 2, 3, 4], order.Order());
        Assert.Equal([1, 4], order[..2].Order().Select(c => c is 1 or 3 ? 1 : c));
    }
}

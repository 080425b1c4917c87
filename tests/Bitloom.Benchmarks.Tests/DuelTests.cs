using Bitloom.Benchmarks.Commands;
using Bitloom.Benchmarks.Duels;

namespace Bitloom.Benchmarks.Tests;

public sealed class DuelTests
{
    [Fact]
    public void Median_is_the_middle_or_the_mean_of_the_two_in_the_middle()
    {
        Assert.Equal(2, Statistics.Median([3, 1, 2]));
        Assert.Equal(2.5, Statistics.Median([4, 1, 3, 2]));
        Assert.Throws<ArgumentException>(() => Statistics.Median([]));
    }

    [Fact]
    public void A_layer_is_the_difference_of_two_networks_over_its_layers()
    {
        var measurement = new Measurement([18, 17, 30], [2, 1, 3], 16);
        Assert.Equal((1.0, 1.0), (measurement.Best, measurement.Median));
    }

    [Fact]
    public void Ratio_stands_where_the_machine_slows_down_for_a_while()
    {
        Measurement Of(double time) => new([time], [], 1);
        double ratio = Statistics.MedianRatio([Of(10), Of(40), Of(20)], [Of(1), Of(4), Of(2)]);
        Assert.Equal(10, ratio);
    }

    [Fact]
    public void Joined_measurements_keep_every_time()
    {
        Measurement joined = Measurement.Join([new([5, 6], [1], 4), new([7], [2, 3], 4)]);
        Assert.Equal([5, 6, 7], joined.Whole);
        Assert.Equal([1, 2, 3], joined.Overhead);
        Assert.Equal(4, joined.Layers);
    }

    [Theory]
    [InlineData(60, 10, 6)]
    [InlineData(60, 900, 1)]
    [InlineData(60, 0.01, 50)]
    public void A_turn_has_one_run_at_least_and_not_too_many(double turn, double estimate, int runs) => Assert.Equal(runs, Turn.Runs(turn, estimate));

    [Theory]
    [InlineData("1,2", new[] { 1, 2 })]
    [InlineData("4", new[] { 4 })]
    public void Threads_are_a_list(string text, int[] threads) => Assert.Equal(threads, DuelCommand.ParseThreads(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1,1")]
    [InlineData("1;2")]
    [InlineData("257")]
    public void Other_lists_of_threads_are_refused(string text) => Assert.Null(DuelCommand.ParseThreads(text));
}

using System.Diagnostics;
using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime.Tests;

/// <summary>Threads get as much work as they can do in the time of the others.</summary>
public sealed class ThreadBalanceTests
{
    private const int Blocks = 1000;

    [Theory]
    [InlineData(new[] { 1.0, 0.5 }, 0.667)]
    [InlineData(new[] { 0.6, 1.0 }, 0.375)]
    [InlineData(new[] { 1.0, 1.0 }, 0.5)]
    [InlineData(new[] { 1.0, 1.0, 0.4, 0.4 }, 0.357)]
    public void Shares_follow_speeds(double[] speeds, double first)
    {
        var balance = new ThreadBalance(speeds.Length);
        for (int run = 0; run < 20; run++) balance.Adjust(Busy(balance, speeds));
        long[] busy = Busy(balance, speeds);
        Assert.InRange(busy.Max() / (double)busy.Min(), 1, 1.07);
        Assert.InRange(Count(balance.Of(0)) / (double)Blocks, first - 0.02, first + 0.02);

        // Back at one speed, back to equal shares.
        double[] equal = [.. speeds.Select(_ => 1.0)];
        for (int run = 0; run < 20; run++) balance.Adjust(Busy(balance, equal));
        Assert.InRange(Count(balance.Of(0)) / (double)Blocks, (1.0 / speeds.Length) - 0.02, (1.0 / speeds.Length) + 0.02);
    }

    [Fact]
    public void A_thread_keeps_a_quarter_of_an_equal_share()
    {
        var balance = new ThreadBalance(2);
        for (int run = 0; run < 100; run++) balance.Adjust([Stopwatch.Frequency, 1000 * Stopwatch.Frequency]);
        Assert.InRange(Count(balance.Of(1)), Blocks / 10, Blocks / 7);
    }

    [Fact]
    public void Short_runs_change_nothing()
    {
        var balance = new ThreadBalance(2);
        for (int run = 0; run < 100; run++) balance.Adjust([1, Stopwatch.Frequency]);
        Assert.Equal(Blocks / 2, Count(balance.Of(0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Shares_are_all_of_the_work(int parts)
    {
        var balance = new ThreadBalance(parts);
        var random = new Random(parts);
        for (int run = 0; run < 10; run++)
        {
            foreach (int count in new[] { 0, 1, 2, 7, 129, 1_000_000 })
            {
                (int First, int End)[] shares = [.. Enumerable.Range(0, parts).Select(part => balance.Of(part).Of(count))];
                Assert.Equal((0, count), (shares[0].First, shares[^1].End));
                Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.First));
                Assert.All(shares, share => Assert.InRange(share.End - share.First, balance.Of(0).LeastOf(count), count));
            }

            balance.Adjust([.. Enumerable.Range(0, parts).Select(_ => random.NextInt64(Stopwatch.Frequency / 10, Stopwatch.Frequency))]);
        }
    }

    private static int Count(ThreadShare share) => share.Of(Blocks) is var (first, end) ? end - first : 0;

    private static long[] Busy(ThreadBalance balance, double[] speeds) =>
        [.. speeds.Select((speed, part) => (long)(Count(balance.Of(part)) / speed * Stopwatch.Frequency / Blocks))];
}

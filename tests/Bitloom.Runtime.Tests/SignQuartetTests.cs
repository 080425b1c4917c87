using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime.Tests;

/// <summary>Lists of taps count the agreements of four channels, whatever their weights.</summary>
public sealed class SignQuartetTests
{
    [Theory]
    [InlineData(1, 2, 0.5)]
    [InlineData(36, 4, 0.5)]
    [InlineData(100, 8, 0.9)]
    [InlineData(252, 16, 0.4)]
    [InlineData(576, 36, 0.5)]
    [InlineData(576, 42, 0.5)]
    [InlineData(577, 38, 0.6)]
    [InlineData(600, 38, 0)]
    [InlineData(600, 60, 1)]
    public void Lists_are_of_one_length_and_count_agreements(int taps, int length, double positive)
    {
        var random = new Random(taps);
        var weights = new bool[SignQuartet.Channels, taps];
        foreach (int channel in Enumerable.Range(0, SignQuartet.Channels))
            for (int tap = 0; tap < taps; tap++) weights[channel, tap] = random.NextDouble() < positive;
        var quartet = new SignQuartet(taps, length, (channel, tap) => weights[channel, tap]);
        bool[] signs = [.. Enumerable.Range(0, taps).Select(_ => random.Next(2) == 1)];

        int[] counts = new int[SignQuartet.Classes];
        var counted = new List<int>();
        for (int signClass = 0, count = 0; signClass < SignQuartet.Classes; signClass++)
        {
            foreach (bool complemented in new[] { false, true })
            {
                int[] list = [.. quartet.List(signClass, complemented)];
                Assert.Equal(length, list.Length);
                counted.AddRange(list.Where(t => t >= 0));
                count += list.Count(t => t >= 0 && signs[t] != complemented);
            }

            counts[signClass] = count;
        }

        Assert.Equal(Enumerable.Range(0, taps), counted.Order());
        for (int channel = 0; channel < SignQuartet.Channels; channel++)
        {
            // Both sides are right up to a constant, which is that of signs that are all 0.
            int[] zeros = [.. Enumerable.Range(0, SignQuartet.Classes).Select(c => Enumerable.Range(0, c + 1).Sum(k => quartet.List(k, complemented: true).Count(t => t >= 0)))];
            int plain = quartet.Exceptions(channel, complemented: false).Count(t => signs[t]);
            int[] complemented = [.. quartet.Exceptions(channel, complemented: true)];
            int agreements = Enumerable.Range(0, taps).Count(t => signs[t] == weights[channel, t]), negatives = Enumerable.Range(0, taps).Count(t => !weights[channel, t]);
            Assert.Equal(agreements - negatives, Count(channel, counts, plain + complemented.Count(t => !signs[t])) - Count(channel, zeros, complemented.Length));
        }
    }

    /// <summary>Weights of both signs in all combinations, as many of each as a list holds, need no exceptions.</summary>
    [Fact]
    public void Even_weights_need_no_exceptions()
    {
        var quartet = new SignQuartet(taps: 160, length: 10, (channel, tap) => ((tap % 16) >> channel & 1) == 1);
        foreach (int channel in Enumerable.Range(0, SignQuartet.Channels))
            Assert.Empty(quartet.Exceptions(channel, complemented: false).Concat(quartet.Exceptions(channel, complemented: true)));
    }

    [Fact]
    public void Lists_that_cannot_hold_all_taps_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignQuartet(taps: 33, length: 2, (_, _) => true));

    private static int Count(int channel, int[] counts, int exceptions) =>
        counts[^1] + (2 * (exceptions + Enumerable.Range(0, SignQuartet.Classes).Sum(c => SignQuartet.Share(channel, c) * counts[c])));
}

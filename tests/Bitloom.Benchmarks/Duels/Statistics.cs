namespace Bitloom.Benchmarks.Duels;

/// <summary>Numbers that stand for many.</summary>
internal static class Statistics
{
    /// <summary>The middle value; the mean of the two in the middle of an even number of values.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    internal static double Median(IReadOnlyList<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("There is no median of no values.", nameof(values));
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// The median of the pairwise ratios, first by second. Each pair was measured in neighbouring moments, so that a machine that is
    /// slow for a while slows both and the ratio stands.
    /// </summary>
    internal static double MedianRatio(IReadOnlyList<Measurement> first, IReadOnlyList<Measurement> second) =>
        Median([.. first.Zip(second, (a, b) => a.Median / b.Median)]);
}

using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary>Sums up what smoothing filters reach on a test set. Each filter may choose its strength by the whole set, which is in its favour.</summary>
internal sealed class FilterTally
{
    private readonly double[] _sums = new double[SmoothingFilter.All.Count];
    private int _count;

    /// <summary>The best mean of each filter.</summary>
    internal IReadOnlyList<(SmoothingFilter Filter, double Mean)> Best =>
        [.. SmoothingFilter.All.Select((filter, i) => (Filter: filter, Mean: _sums[i] / Math.Max(1, _count))).GroupBy(f => f.Filter.Name).Select(g => g.MaxBy(f => f.Mean))];

    /// <summary>Adds one picture.</summary>
    /// <param name="planes">The picture to restore, channels x height x width.</param>
    /// <param name="channels">Colours.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="measure">The metric of a restored picture.</param>
    internal void Add(float[] planes, int channels, ImageSize size, Func<Image, double> measure)
    {
        Parallel.For(0, _sums.Length, i =>
        {
            float[] smooth = SmoothingFilter.All[i].Apply(planes, channels, size);
            _sums[i] += measure(ImagePlanes.FromPlanes(smooth, channels, size.Height, size.Width));
        });
        _count++;
    }

    /// <summary>A line for each filter.</summary>
    internal IReadOnlyList<string> Lines(Metrics metrics) =>
        [.. Best.Select(b => FormattableString.Invariant($"mean {metrics.Metric} {b.Mean:0.00} {metrics.Unit} of the {b.Filter.Name} ({b.Filter.Strength})"))];
}

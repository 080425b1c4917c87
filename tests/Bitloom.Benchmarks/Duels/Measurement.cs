namespace Bitloom.Benchmarks.Duels;

/// <summary>
/// Times of one thing, in milliseconds. Where one layer is measured, <paramref name="Whole"/> are times of a network of several such
/// layers, <paramref name="Overhead"/> times of the same network with fewer, and <paramref name="Layers"/> how many fewer: what both
/// do, as loading and storing dense images, cancels out.
/// </summary>
/// <param name="Whole">At least one time.</param>
/// <param name="Overhead">Times to subtract, or none.</param>
/// <param name="Layers">What the difference is divided by, from 1.</param>
internal sealed record Measurement(IReadOnlyList<double> Whole, IReadOnlyList<double> Overhead, int Layers)
{
    /// <summary>Milliseconds by the least times: what the machine can do undisturbed.</summary>
    internal double Best => Difference(times => times.Min());

    /// <summary>Milliseconds by the medians.</summary>
    internal double Median => Difference(Statistics.Median);

    /// <summary>All times of several measurements of one thing as one.</summary>
    internal static Measurement Join(IReadOnlyList<Measurement> parts) =>
        new([.. parts.SelectMany(p => p.Whole)], [.. parts.SelectMany(p => p.Overhead)], parts[0].Layers);

    private double Difference(Func<IReadOnlyList<double>, double> of) => (of(Whole) - (Overhead.Count > 0 ? of(Overhead) : 0)) / Layers;
}

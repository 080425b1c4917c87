using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Finds runs of binary convolutions that may run depth first, as a wavefront over chunks of the image: each reads the signs that the
/// one before it stores, and everything else at the pixel that it makes. A layer by itself streams all residuals through memory; a
/// wavefront of n layers does so once for all n.
/// </summary>
internal static class WavefrontFinder
{
    // What should stay in a second-level cache, and what else than activations is in use there.
    private const int CacheBytes = 1 << 20;
    private const int MostLayers = 8;
    private const int ChunkPixels = 512;

    /// <summary>The runs.</summary>
    /// <param name="steps">All steps.</param>
    /// <param name="branches">The branch of a gate that each step belongs to: a run stays within one.</param>
    internal static EquatableArray<StepRange> Find(IReadOnlyList<Step> steps, IReadOnlyList<Branch?> branches)
    {
        var ranges = new List<StepRange>();
        for (int first = 0; first < steps.Count;)
        {
            int count = 1;
            while (first + count < steps.Count && count < LayersInCache(steps[first])
                && branches[first] == branches[first + count] && Follows(steps[first + count - 1], steps[first + count])) count++;
            if (count > 1) ranges.Add(new StepRange(first, count));
            first += count;
        }

        return ranges.ToEquatableArray();
    }

    private static bool Follows(Step before, Step after) =>
        before is FlatStep { Source: BinaryConvSource, Epilogue: { Shuffle: null, SignStores.Count: > 0 } earlier } first
        && after is FlatStep { Source: BinaryConvSource source, Epilogue: { Shuffle: null } later } second
        && !earlier.Operands.Concat(later.Operands).Any(o => o.IsShifted)
        && first.Level == second.Level && earlier.SignStores.Any(s => s.Target == source.Signs);

    // Each layer in flight holds a chunk of residuals, and its weights; two more chunks are being entered and left.
    private static int LayersInCache(Step step)
    {
        if (step is not FlatStep { Source: BinaryConvSource source } flat) return 1;
        long chunk = (long)ChunkPixels * flat.Channels * sizeof(float), weights = (long)source.Operator.Weight.BitsPerOutput * flat.Channels;
        return (int)Math.Max(2, Math.Min(MostLayers, (CacheBytes / (chunk + weights)) - 2));
    }
}

/// <summary>Steps that follow one another: the first, and how many.</summary>
public sealed record StepRange(int First, int Count)
{
    /// <summary>True where a step is one of them.</summary>
    public bool Contains(int step) => step >= First && step < First + Count;
}

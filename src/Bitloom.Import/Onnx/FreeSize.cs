namespace Bitloom.Import.Onnx;

/// <summary>
/// Finds the least number that height and width must be multiples of for a network to be free of its size: where an image is halved and
/// doubled again, odd sizes do not come back.
/// </summary>
internal static class FreeSize
{
    private static readonly int[] Powers = [1, 2, 4, 8, 16, 32];

    // What inputs of descriptors may be multiples of.
    private const int Largest = Compiler.Descriptors.DescriptorLimits.Multiple;

    /// <summary>The import at the least multiple, or null where there is none.</summary>
    /// <param name="graph">The graph; a size that it fixes must be among those that the network takes.</param>
    /// <param name="import">Imports at a multiple.</param>
    /// <param name="reason">Why the import fails at any size.</param>
    internal static OnnxImport? Find(OnnxGraph graph, Func<int, OnnxImport> import, ref string? reason)
    {
        if (Try(import, 1, out reason) is { } any) return any;
        int[] candidates = [.. Candidates(graph)];

        // What goes at a number goes at its multiples, so that one attempt at the largest tells whether others are worth it.
        if (candidates.Length == 0 || Try(import, candidates[^1], out _) is not { } last) return null;
        foreach (int multiple in candidates[..^1])
            if (Try(import, multiple, out _) is { } found) return found;
        return last;
    }

    private static IEnumerable<int> Candidates(OnnxGraph graph)
    {
        int[] fixedSizes = [.. graph.Inputs.SelectMany(i => i.Dims.Skip(2)).Select(d => d.Size ?? 0).Where(s => s > 0)];
        if (fixedSizes.Length == 0) return Powers.Skip(1);
        int common = (int)fixedSizes.Aggregate(System.Numerics.BigInteger.Zero, (a, b) => System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        return Enumerable.Range(2, Math.Max(0, Math.Min(common, Largest) - 1)).Where(d => common % d == 0);
    }

    private static OnnxImport? Try(Func<int, OnnxImport> import, int multiple, out string? reason)
    {
        try
        {
            reason = null;
            return import(multiple);
        }
        catch (ImportException error)
        {
            reason = error.Message;
            return null;
        }
    }
}

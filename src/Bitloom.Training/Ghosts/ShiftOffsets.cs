using Bitloom.Import.Architectures;
using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>Where the offsets of ghosts come from.</summary>
public enum GhostShifts
{
    /// <summary>They begin at (0, 0) and are learned (arXiv 2101.08525, section 3.2).</summary>
    Learned,

    /// <summary>They are drawn at random, evenly from -1..1 by -1..1, and stay.</summary>
    Fixed,

    /// <summary>Ghosts are copies.</summary>
    None,
}

/// <summary>Gives ghosts their first offsets; all other weights are those of another source.</summary>
/// <param name="others">The source of all other weights.</param>
/// <param name="shifts">Which offsets.</param>
/// <param name="random">Where fixed offsets come from.</param>
internal sealed class ShiftOffsets(WeightSource others, GhostShifts shifts, CounterRandom random) : WeightSource
{
    private const int Centre = 4;

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        if (!name.EndsWith(".shift", StringComparison.Ordinal)) return others.Take(name, shape);

        // Kernels of 3 x 3, one a ghost or one for all, with a one at the offset.
        var kernels = new float[shape[0] * 9];
        for (int i = 0; i < shape[0]; i++) kernels[(i * 9) + (shifts == GhostShifts.Fixed ? random.NextIndex(9) : Centre)] = 1;
        return kernels;
    }
}

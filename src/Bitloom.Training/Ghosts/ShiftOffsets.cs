using Bitloom.Import.Architectures;
using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>Where the offsets of ghosts come from.</summary>
public enum GhostShifts
{
    /// <summary>
    /// They are learned (arXiv 2101.08525, section 3.2). They begin where ghosts come nearest to the channels that were dropped, or at
    /// random where there is no parent: ghosts that begin as copies stay copies, for the layers behind grow used to them.
    /// </summary>
    Learned,

    /// <summary>They are drawn at random, evenly from -1..1 by -1..1, and stay.</summary>
    Fixed,

    /// <summary>Ghosts are copies.</summary>
    None,
}

/// <summary>Gives ghosts their first offsets; all other weights are those of another source.</summary>
/// <param name="others">The source of all other weights, and of learned offsets where it is <see cref="GhostWeights"/>.</param>
/// <param name="shifts">Which offsets.</param>
/// <param name="random">Where random offsets come from.</param>
internal sealed class ShiftOffsets(WeightSource others, GhostShifts shifts, CounterRandom random) : WeightSource
{
    private const int Centre = 4;

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        if (!name.EndsWith(".shift", StringComparison.Ordinal) || (shifts == GhostShifts.Learned && others is GhostWeights)) return others.Take(name, shape);

        // Kernels of 3 x 3, one a ghost or one for all, with a one at the offset.
        var kernels = new float[shape[0] * 9];
        for (int i = 0; i < shape[0]; i++) kernels[(i * 9) + (shifts == GhostShifts.None ? Centre : random.NextIndex(9))] = 1;
        return kernels;
    }
}

using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data.Degradations;

/// <summary>Bicubic down-scaling by a whole number exactly as MATLAB's <c>imresize</c> does it, rounding included.</summary>
/// <param name="Factor">2, 3 or 4.</param>
public sealed record BicubicReduction(int Factor) : Degradation
{
    /// <inheritdoc/>
    public override int Scale => Factor;

    // The widened kernel has two pixels of the result to each side.
    /// <inheritdoc/>
    public override int Reach => 3 * Factor;

    /// <inheritdoc/>
    public override float[] Apply(Image image, CounterRandom random) => ImagePlanes.ToPlanes(Bicubic.Reduce(image, Factor));
}

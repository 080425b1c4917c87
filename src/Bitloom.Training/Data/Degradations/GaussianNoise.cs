using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data.Degradations;

/// <summary>Additive white Gaussian noise; as in denoising papers the result is neither clipped nor rounded.</summary>
/// <param name="Sigma">Standard deviation in steps of 8 bits, e.g. 25.</param>
public sealed record GaussianNoise(double Sigma) : Degradation
{
    /// <inheritdoc/>
    public override float[] Apply(Image image, CounterRandom random)
    {
        float[] planes = ImagePlanes.ToPlanes(image);
        foreach (ref float value in planes.AsSpan()) value += (float)(random.NextNormal() * Sigma / 255);
        return planes;
    }
}

using Bitloom.Runtime.Images;

namespace Bitloom.Spectral;

/// <summary>
/// How near a cube is to the truth, as papers on the KAIST scenes state it: PSNR of values 0 to 1 and SSIM (11 x 11 Gaussian window,
/// sigma 1.5, only whole windows) of every band, and the means over the bands. Values are neither clipped nor rounded.
/// </summary>
/// <param name="Psnr">dB of each band; infinite for an equal one.</param>
/// <param name="Ssim">Similarity of each band, at most 1; NaN in cubes smaller than the window.</param>
public sealed record CubeQuality(IReadOnlyList<double> Psnr, IReadOnlyList<double> Ssim)
{
    /// <summary>Mean of the bands' PSNR in dB.</summary>
    public double MeanPsnr => Psnr.Average();

    /// <summary>Mean of the bands' SSIM.</summary>
    public double MeanSsim => Ssim.Average();

    /// <summary>Compares two cubes of one size.</summary>
    public static CubeQuality Of(Cube cube, Cube truth)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(truth);
        if ((cube.Bands, cube.Height, cube.Width) != (truth.Bands, truth.Height, truth.Width))
            throw new ArgumentException(Invariant($"Cubes of {cube.Bands} x {cube.Height} x {cube.Width} and {truth.Bands} x {truth.Height} x {truth.Width} cannot be compared."), nameof(truth));
        double[] psnr = [.. Enumerable.Range(0, cube.Bands).Select(band => SignalToNoise.OfValues(cube.Band(band), truth.Band(band), peak: 1))];
        double[] ssim = [.. Enumerable.Range(0, cube.Bands).Select(band => StructuralSimilarity.OfPlanes(cube.Band(band), truth.Band(band), cube.Height, cube.Width, peak: 1))];
        return new CubeQuality(psnr, ssim);
    }
}

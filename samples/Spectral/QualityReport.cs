using Bitloom.Spectral;

namespace Spectral;

/// <summary>What is printed where the truth is known.</summary>
internal static class QualityReport
{
    /// <summary>Writes one line for the initial estimate, one for each band where asked for, and the result's means last.</summary>
    internal static void Write(TextWriter output, Cube estimate, Cube cube, Cube truth, bool printsBands)
    {
        CubeQuality before = CubeQuality.Of(estimate, truth), after = CubeQuality.Of(cube, truth);
        if (printsBands)
        {
            for (int band = 0; band < cube.Bands; band++)
                output.WriteLine(Invariant($"band {band + 1,2}  {cube.Wavelengths![band]:F1} nm, PSNR {after.Psnr[band]:F2} dB, SSIM {after.Ssim[band]:F4}"));
        }

        output.WriteLine(Invariant($"estimate PSNR {before.MeanPsnr:F2} dB, SSIM {before.MeanSsim:F4} before the network"));
        output.WriteLine(Invariant($"result   PSNR {after.MeanPsnr:F2} dB, SSIM {after.MeanSsim:F4} over {cube.Bands} bands"));
    }
}

using Bitloom.Runtime.Images;
using Bitloom.Runtime.Tests;
using Xunit.Abstractions;

namespace Bitloom.Samples.Tests;

/// <summary>The program reaches the quality that the model's card states; skipped where the pictures are missing.</summary>
public class QualityTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    [SharedDataTheory]
    [InlineData("set5/HR", 5, 36.91, 33.67)]
    [InlineData("set14", 14, 32.60, 30.32)]
    public void MeanPsnrIsThatOfTheCard(string folder, int count, double card, double bicubicOfCard)
    {
        string[] files = [.. Directory.GetFiles(SharedData.PathOf(folder), "*.png").Order(StringComparer.Ordinal)];
        Assert.Equal(count, files.Length);
        double mean = 0, bicubic = 0;
        foreach (string file in files)
        {
            Image original = ImageFile.Load(file);

            // Set14's grey picture counts as three equal colours in the card's figures.
            original = original.Crop(0, 0, original.Width & ~1, original.Height & ~1).WithChannels(3);
            Image small = Bicubic.Reduce(original, 2);
            double psnr = SignalToNoise.OfLuma(Pictures.Enlarge(small, threads: 2), original, border: 2);
            output.WriteLine(Invariant($"{Path.GetFileName(file)}: {psnr:F2} dB"));
            mean += psnr / count;
            bicubic += SignalToNoise.OfLuma(Bicubic.Enlarge(small, 2), original, border: 2) / count;
        }

        output.WriteLine(Invariant($"mean {mean:F3} dB, bicubic {bicubic:F3} dB"));
        Assert.InRange(mean, card - Tolerance, card + Tolerance);
        Assert.InRange(bicubic, bicubicOfCard - Tolerance, bicubicOfCard + Tolerance);
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Bitloom.Runtime.Images;
using Bitloom.Runtime.Tests;
using Xunit.Abstractions;

namespace Bitloom.Samples.Tests;

/// <summary>The program reaches the quality that stands beside the model; skipped where the pictures are missing.</summary>
public class QualityTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    [SharedDataTheory]
    [InlineData("set5/HR", "Set5", 5)]
    [InlineData("set14", "Set14", 14)]
    public void MeanPsnrIsThatOfTheModel(string folder, string set, int count)
    {
        (double stated, double bicubicStated) = Stated(set);
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
        Assert.InRange(mean, stated - Tolerance, stated + Tolerance);
        Assert.InRange(bicubic, bicubicStated - Tolerance, bicubicStated + Tolerance);
    }

    private static (double Network, double Bicubic) Stated(string set, [CallerFilePath] string here = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "models", "bbcu-s-x2", "quality.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement figures = json.RootElement.GetProperty("sets").EnumerateArray().First(s => s.GetProperty("set").GetString() == set).GetProperty("figures");
        return (figures.GetProperty("value").GetDouble(), figures.GetProperty("baselines").GetProperty("bicubic").GetDouble());
    }
}

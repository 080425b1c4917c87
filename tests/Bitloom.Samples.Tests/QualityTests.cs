using System.Runtime.CompilerServices;
using System.Text.Json;
using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Bitloom.Runtime.Tests;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.State;
using Samples;
using Xunit.Abstractions;

namespace Bitloom.Samples.Tests;

/// <summary>The programs reach the quality that stands beside their models; skipped where the pictures are missing.</summary>
public class QualityTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.02;

    [SharedDataTheory]
    [InlineData("bbcu-s-x2", "Set5", "set5/HR")]
    [InlineData("bbcu-s-x2", "Set14", "set14")]
    [InlineData("bbcu-s-x4", "Set5", "set5/HR")]
    [InlineData("edsr-s-x2", "Set5", "set5/HR")]
    [InlineData("ghost-edsr-s-x2", "Set5", "set5/HR")]
    public void EnlargedPicturesAreAsGoodAsTheModel(string model, string set, string folder)
    {
        PictureNetwork network = SampleNetworks.Find(model);
        int scale = network.Scale;

        // Grey pictures count as three equal colours in the card's figures.
        Quality measured = Measure(folder, int.MaxValue, picture => picture.Crop(0, 0, picture.Width / scale * scale, picture.Height / scale * scale).WithChannels(3), (original, _) =>
        {
            Image small = Bicubic.Reduce(original, scale);
            return new Quality(
                SignalToNoise.OfLuma(Pictures.Apply(network, small, threads: 2), original, border: scale),
                SignalToNoise.OfLuma(Bicubic.Enlarge(small, scale), original, border: scale));
        });
        AssertClose(Stated(model, set, "bicubic"), measured);
    }

    /// <summary>A file holds noise that is clipped and rounded, and there is other noise on other pictures of the set: only the gain is compared.</summary>
    [SharedJpegTheory]
    [InlineData("bbcu-denoise-s")]
    public void NoiseVanishesAsFarAsTheModelPromises(string model)
    {
        PictureNetwork network = SampleNetworks.Find(model);
        var noise = new GaussianNoise(25);
        Quality measured = Measure("bsds500/val", 12, picture => picture, (original, index) =>
        {
            Image noisy = ImagePlanes.FromPlanes(noise.Apply(original, new CounterRandom(7, (ulong)index << 32)), 3, original.Height, original.Width);
            return new Quality(SignalToNoise.OfColours(Pictures.Apply(network, noisy, threads: 2), original), SignalToNoise.OfColours(noisy, original));
        });
        Quality stated = Stated(model, "CBSD68", "noisy");
        Assert.InRange(measured.Network - measured.Baseline, stated.Network - stated.Baseline - 1.5, stated.Network - stated.Baseline + 1);
    }

    [SharedJpegTheory]
    [InlineData("bbcu-deblock-s")]
    public void BlocksVanishAsFarAsTheModelPromises(string model)
    {
        PictureNetwork network = SampleNetworks.Find(model);
        Quality measured = Measure("classic5", int.MaxValue, picture => picture, (original, _) =>
        {
            Image compressed = JpegCodec.RoundTrip(original, 20);
            return new Quality(SignalToNoise.OfLuma(Pictures.Apply(network, compressed, threads: 2), original, border: 0), SignalToNoise.OfLuma(compressed, original, border: 0));
        });
        AssertClose(Stated(model, "Classic5", "JPEG"), measured);
    }

    private Quality Measure(string folder, int most, Func<Image, Image> prepare, Func<Image, int, Quality> measure)
    {
        string[] files = [.. Directory.GetFiles(SharedData.PathOf(folder), "*.*").Where(PictureFile.IsPicture).Order(StringComparer.Ordinal).Take(most)];
        var all = new List<Quality>();
        foreach (string file in files)
        {
            Quality quality = measure(prepare(PictureFile.Load(file)), all.Count);
            output.WriteLine(Invariant($"{Path.GetFileName(file)}: {quality.Network:F2} dB, before {quality.Baseline:F2} dB"));
            all.Add(quality);
        }

        var mean = new Quality(all.Average(q => q.Network), all.Average(q => q.Baseline));
        output.WriteLine(Invariant($"mean {mean.Network:F3} dB, before {mean.Baseline:F3} dB"));
        return mean;
    }

    private static void AssertClose(Quality stated, Quality measured)
    {
        Assert.InRange(measured.Network, stated.Network - Tolerance, stated.Network + Tolerance);
        Assert.InRange(measured.Baseline, stated.Baseline - Tolerance, stated.Baseline + Tolerance);
    }

    private static Quality Stated(string model, string set, string baseline, [CallerFilePath] string here = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "models", model, "quality.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement figures = json.RootElement.GetProperty("sets").EnumerateArray().First(s => s.GetProperty("set").GetString() == set).GetProperty("figures");
        return new Quality(figures.GetProperty("value").GetDouble(), figures.GetProperty("baselines").GetProperty(baseline).GetDouble());
    }

    private sealed record Quality(double Network, double Baseline);
}

/// <summary>A theory that is skipped, with the reason, where pictures or libjpeg-turbo are missing.</summary>
internal sealed class SharedJpegTheoryAttribute : TheoryAttribute
{
    public SharedJpegTheoryAttribute() => Skip = SharedData.ReasonForSkipping ?? (JpegCodec.IsAvailable ? null : "libjpeg-turbo is not installed.");
}

using System.Runtime.CompilerServices;
using Bitloom.Runtime.Images;
using Samples;

namespace Bitloom.Samples.Tests;

/// <summary>What becomes of grey and of alpha, and that the documentation shows what the program makes.</summary>
public class PictureTests
{
    [Fact]
    public void GreyIsTheMeanOfWhatEqualColoursBecome()
    {
        Image grey = Pictures.Draw(31, 22, 1);
        Image colours = Pictures.Enlarge(grey.WithChannels(3)), enlarged = Pictures.Enlarge(grey);

        // Each colour is clamped by itself, the mean only once: they agree where nothing is clamped.
        Assert.Equal(1, enlarged.Channels);
        int compared = 0;
        for (int i = 0; i < enlarged.Pixels.Length; i++)
        {
            ReadOnlySpan<byte> colour = colours.Pixels.AsSpan(3 * i, 3);
            if (colour.ContainsAny<byte>(0, 255)) continue;
            compared++;
            Assert.InRange(enlarged.Pixels[i] - ((colour[0] + colour[1] + colour[2]) / 3.0), -1, 1);
        }

        Assert.True(compared > enlarged.Pixels.Length / 2, Invariant($"only {compared} pixels were compared"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void AlphaIsEnlargedByBicubicInterpolationAndLeavesColoursAlone(int channels)
    {
        Image picture = Pictures.Draw(20, 45, channels);
        Image enlarged = Pictures.Enlarge(picture, bandRows: 3), bicubic = Bicubic.Enlarge(picture, 2);

        Assert.Equal(Channel(bicubic, channels - 1), Channel(enlarged, channels - 1));
        Assert.Equal(Pictures.Enlarge(picture.WithChannels(channels - 1)).Pixels, enlarged.WithChannels(channels - 1).Pixels);
    }

    [Fact]
    public void ANetworkForLumaLeavesDifferencesOfColour()
    {
        PictureNetwork network = SampleNetworks.Find("bbcu-deblock-s");
        Image picture = Pictures.Draw(40, 30, 3), result = Pictures.Apply(network, picture);
        int compared = 0;
        for (int at = 0; at < picture.Pixels.Length; at += 3)
        {
            ReadOnlySpan<byte> before = picture.Pixels.AsSpan(at, 3), after = result.Pixels.AsSpan(at, 3);
            if (after.ContainsAny<byte>(0, 255)) continue;
            compared++;
            int change = after[0] - before[0];
            for (int colour = 1; colour < 3; colour++) Assert.InRange(after[colour] - before[colour], change - 1, change + 1);
        }

        Assert.True(compared > 600, Invariant($"only {compared} pixels were compared"));
        Assert.NotEqual(picture.Pixels, result.Pixels);
    }

    [Fact]
    public void GreyThroughANetworkForLumaIsWhatEqualColoursBecome()
    {
        PictureNetwork network = SampleNetworks.Find("bbcu-deblock-s");
        Image grey = Pictures.Draw(40, 30, 1), result = Pictures.Apply(network, grey), colours = Pictures.Apply(network, grey.WithChannels(3));

        for (int i = 0; i < result.Pixels.Length; i++) Assert.InRange(colours.Pixels[3 * i] - result.Pixels[i], -1, 1);
    }

    [Theory]
    [InlineData("bbcu-denoise-s")]
    [InlineData("bbcu-deblock-s")]
    public void AlphaOfAPictureThatKeepsItsSizeStays(string name)
    {
        Image picture = Pictures.Draw(20, 45, 4);
        Assert.Equal(Channel(picture, 3), Channel(Pictures.Apply(SampleNetworks.Find(name), picture, bandRows: 3), 3));
    }

    [Fact]
    public void TheReadmeShowsWhatTheProgramMakes()
    {
        // Three crops of 342 x 192 pixels with 6 pixels between and around; the middle one is ours.
        Image expected = Pictures.Enlarge(ImageFile.Load(Documentation("scene-small.png"))).Crop(0, 0, 342, 192);
        Image shown = ImageFile.Load(Documentation("upscaled.png")).WithChannels(3).Crop(354, 6, 342, 192);

        // fp32 convolutions agree between processors to rounding.
        for (int i = 0; i < shown.Pixels.Length; i++) Assert.InRange(shown.Pixels[i] - expected.Pixels[i], -1, 1);
    }

    private static string Documentation(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../docs", name);

    private static byte[] Channel(Image image, int channel) =>
        [.. Enumerable.Range(0, image.Width * image.Height).Select(i => image.Pixels[(i * image.Channels) + channel])];
}

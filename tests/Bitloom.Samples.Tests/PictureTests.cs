using Bitloom.Runtime.Images;

namespace Bitloom.Samples.Tests;

/// <summary>What becomes of grey and of alpha.</summary>
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

    private static byte[] Channel(Image image, int channel) =>
        [.. Enumerable.Range(0, image.Width * image.Height).Select(i => image.Pixels[(i * image.Channels) + channel])];
}

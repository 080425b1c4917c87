using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class ImageTests
{
    [Fact]
    public void FloatsBecomeTheNearestSample()
    {
        for (int value = 0; value < 256; value++) Assert.Equal((byte)value, ImagePlanes.ToByte(value / 255f));
        Assert.Equal(0, ImagePlanes.ToByte(float.NaN));
        Assert.Equal(0, ImagePlanes.ToByte(float.NegativeInfinity));
        Assert.Equal(255, ImagePlanes.ToByte(float.PositiveInfinity));
        Assert.Equal(0, ImagePlanes.ToByte(-0.1f));
        Assert.Equal(255, ImagePlanes.ToByte(1.1f));
        Assert.Equal(0, ImagePlanes.ToByte(0.4999f / 255));
        Assert.Equal(1, ImagePlanes.ToByte(0.5001f / 255));

        // 127.5 exactly: a half goes up.
        Assert.Equal(128, ImagePlanes.ToByte(0.5f));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void PlanesAreChannelAfterChannelAndComeBack(int channels)
    {
        Image image = PngWriterTests.RandomImage(new Random(9), 7, 5, channels);
        float[] planes = ImagePlanes.ToPlanes(image);
        Assert.Equal(image.ColourChannels * 35, planes.Length);
        for (int c = 0; c < image.ColourChannels; c++)
            for (int y = 0; y < 5; y++)
                for (int x = 0; x < 7; x++) Assert.Equal(image.Pixels[(((y * 7) + x) * channels) + c] / 255f, planes[(((c * 5) + y) * 7) + x]);
        Assert.Equal(image.WithChannels(image.ColourChannels).Pixels, ImagePlanes.FromPlanes(planes, image.ColourChannels, 5, 7).Pixels);
    }

    [Fact]
    public void BandsOfRowsMakeUpTheWholeAndKeepAlpha()
    {
        Image image = PngWriterTests.RandomImage(new Random(10), 6, 10, 4), copy = PngWriterTests.RandomImage(new Random(11), 6, 10, 4);
        byte[] alpha = copy.Pixels.Where((_, i) => i % 4 == 3).ToArray();
        for (int row = 0; row < 10; row += 3)
        {
            int rows = Math.Min(3, 10 - row);
            var band = new float[3 * rows * 6];
            ImagePlanes.ReadRows(image, row, rows, band);
            ImagePlanes.WriteRows(copy, row, rows, band);
        }

        Assert.Equal(image.WithChannels(3).Pixels, copy.WithChannels(3).Pixels);
        Assert.Equal(alpha, copy.Pixels.Where((_, i) => i % 4 == 3));
        var plane = new float[60];
        ImagePlanes.ReadPlane(image, 3, 0, 10, plane);
        ImagePlanes.WritePlane(copy, 3, 0, 10, plane);
        Assert.Equal(image.Pixels, copy.Pixels);
    }

    [Fact]
    public void WrongSizesAreRefusedWithNumbers()
    {
        var image = new Image(4, 3, 3);
        Assert.Contains("hold 35 values, expected 36", Refusal(() => ImagePlanes.ReadRows(image, 0, 3, new float[35])), StringComparison.Ordinal);
        Assert.Contains("outside the picture's 3 rows", Refusal(() => ImagePlanes.ReadRows(image, 2, 2, new float[24])), StringComparison.Ordinal);
        Assert.Contains("has 3 channels", Refusal(() => ImagePlanes.ReadPlane(image, 3, 0, 1, new float[4])), StringComparison.Ordinal);
        Assert.Contains("channels take 12", Refusal(() => new Image(2, 2, 3, new byte[11])), StringComparison.Ordinal);
        Assert.Contains("do not fit one array", Refusal(() => new Image(int.MaxValue, int.MaxValue, 4)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Row(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Crop(2, 0, 3, 1));
    }

    [Fact]
    public void ChannelsAreConverted()
    {
        Assert.Equal([9, 9, 9, 255], new Image(1, 1, 1, [9]).WithChannels(4).Pixels);
        Assert.Equal([9, 7], new Image(1, 1, 4, [9, 9, 9, 7]).WithChannels(2).Pixels);
        Assert.Equal([76], new Image(1, 1, 3, [255, 0, 0]).WithChannels(1).Pixels);
        Assert.Equal([1, 2, 3], new Image(1, 1, 4, [1, 2, 3, 0]).WithChannels(3).Pixels);
    }

    [Fact]
    public void CropsAreCopies()
    {
        Image image = PngWriterTests.RandomImage(new Random(12), 5, 4, 3);
        Image crop = image.Crop(1, 2, 3, 2);
        Assert.Equal(image.Row(3)[3..12].ToArray(), crop.Row(1).ToArray());
        crop.Pixels[0] ^= 1;
        Assert.NotEqual(image.Row(2)[3], crop.Pixels[0]);
    }

    private static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}

using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class ResamplingTests
{
    /// <summary>Written by another implementation of MATLAB's algorithm (NumPy) and another PNG encoder.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ReducingMatchesTheStoredPictures(int scale)
    {
        Image reduced = Bicubic.Reduce(Golden("source.png"), scale), expected = Golden(Invariant($"reduced-{scale}.png"));
        Assert.Equal((expected.Width, expected.Height), (reduced.Width, reduced.Height));
        Assert.Equal(expected.Pixels, reduced.Pixels);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void EnlargingMatchesTheStoredPictures(int scale) =>
        Assert.Equal(Golden(Invariant($"enlarged-{scale}.png")).Pixels, Bicubic.Enlarge(Golden("source.png"), scale).Pixels);

    [SharedDataTheory]
    [InlineData("baby")]
    [InlineData("bird")]
    [InlineData("butterfly")]
    [InlineData("head")]
    [InlineData("woman")]
    public void ReducingMatchesThePapersInputsToTheBit(string name)
    {
        Image original = ImageFile.Load(SharedData.PathOf($"set5/HR/{name}.png"));
        foreach (int scale in new[] { 2, 4 })
        {
            Image cropped = original.Crop(0, 0, original.Width / scale * scale, original.Height / scale * scale);
            Image expected = ImageFile.Load(SharedData.PathOf(Invariant($"set5/LR_bicubic/X{scale}/{name}x{scale}.png")));
            Assert.Equal(expected.Pixels, Bicubic.Reduce(cropped, scale).Pixels);
        }
    }

    [SharedDataTheory]
    [InlineData(2, -0.75, 33.97)]
    [InlineData(4, -0.75, 28.63)]
    public void PublishedBicubicFiguresComeOut(int scale, double sharpness, double published)
    {
        double sum = 0;
        string[] names = ["baby", "bird", "butterfly", "head", "woman"];
        foreach (string name in names)
        {
            Image original = ImageFile.Load(SharedData.PathOf($"set5/HR/{name}.png"));
            Image cropped = original.Crop(0, 0, original.Width / scale * scale, original.Height / scale * scale);
            Image small = ImageFile.Load(SharedData.PathOf(Invariant($"set5/LR_bicubic/X{scale}/{name}x{scale}.png")));
            sum += SignalToNoise.OfLuma(Bicubic.Enlarge(small, scale, sharpness), cropped, scale);
        }

        Assert.Equal(published, sum / names.Length, tolerance: 0.0051);
    }

    [Fact]
    public void FlatPicturesStayFlat()
    {
        var image = new Image(7, 5, 4, [.. Enumerable.Repeat((byte)201, 140)]);
        Assert.All(Bicubic.Enlarge(image, 3).Pixels, value => Assert.Equal(201, value));
        Assert.All(Bicubic.Reduce(image, 4).Pixels, value => Assert.Equal(201, value));
        Image reduced = Bicubic.Reduce(image, 4);
        Assert.Equal((2, 2), (reduced.Width, reduced.Height));
        Assert.Equal(image.Pixels, Bicubic.Enlarge(image, 1).Pixels);
    }

    [Fact]
    public void OnePixelCanBeResampled()
    {
        Assert.All(Bicubic.Enlarge(new Image(1, 1, 1, [9]), 4).Pixels, value => Assert.Equal(9, value));
        Assert.Equal([9], Bicubic.Reduce(new Image(1, 1, 1, [9]), 8).Pixels);
    }

    [Fact]
    public void PlanesAreEnlargedAsPicturesAre()
    {
        Image image = PngWriterTests.RandomImage(new Random(13), 9, 6, 1);
        var enlarged = new float[6 * 9 * 4];
        Bicubic.Enlarge(ImagePlanes.ToPlanes(image), 6, 9, 2, enlarged);
        byte[] expected = Bicubic.Enlarge(image, 2).Pixels, actual = ImagePlanes.FromPlanes(enlarged, 1, 12, 18).Pixels;

        // A half may fall on either side after single precision.
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 0, 2);
        Assert.Throws<ArgumentException>(() => Bicubic.Enlarge(new float[5], 2, 3, 2, new float[24]));
        Assert.Throws<ArgumentException>(() => Bicubic.Enlarge(new float[6], 2, 3, 2, new float[23]));
    }

    [Fact]
    public void PsnrFollowsItsDefinition()
    {
        var black = new Image(8, 8, 3);
        var white = new Image(8, 8, 3, [.. Enumerable.Repeat((byte)255, 192)]);
        Assert.Equal(0, SignalToNoise.OfColours(black, white), 12);
        Assert.Equal(double.PositiveInfinity, SignalToNoise.OfColours(white, white));

        // Luma spans 16 to 235 only: 20 log10(255 / 219).
        Assert.Equal(1.3219, SignalToNoise.OfLuma(black, white, 2), 4);
        Assert.Equal(16, Luma.Of([0, 0, 0]));
        Assert.Equal(235, Luma.Of([255, 255, 255]), 10);
        Assert.Equal(81, Luma.Of([255, 0, 0], LumaRounding.EightBits));

        // One grey level off everywhere: 20 log10(255).
        Assert.Equal(48.1308, SignalToNoise.OfLuma(new Image(4, 4, 1), new Image(4, 4, 1, [.. Enumerable.Repeat((byte)1, 16)]), 0), 4);
    }

    [Fact]
    public void TheBorderIsLeftOut()
    {
        var clean = new Image(6, 6, 3);
        var framed = new Image(6, 6, 3);
        for (int y = 0; y < 6; y++)
            for (int x = 0; x < 6; x++)
                if (x is 0 or 5 || y is 0 or 5) framed.Row(y)[x * 3] = 200;
        Assert.Equal(double.PositiveInfinity, SignalToNoise.OfLuma(framed, clean, 1));
        Assert.True(SignalToNoise.OfLuma(framed, clean, 0) < 40);
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalToNoise.OfLuma(framed, clean, 3));
        Assert.Throws<ArgumentException>(() => SignalToNoise.OfLuma(framed, new Image(6, 5, 3), 1));
    }

    private static Image Golden(string name) => ImageFile.Load(Path.Combine(AppContext.BaseDirectory, "Goldens", name));
}

using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class PngReaderTests
{
    public static TheoryData<int, int> ColoursAndDepths => new()
    {
        { 0, 1 }, { 0, 2 }, { 0, 4 }, { 0, 8 }, { 0, 16 }, { 2, 8 }, { 2, 16 }, { 3, 1 }, { 3, 2 }, { 3, 4 }, { 3, 8 }, { 4, 8 }, { 4, 16 }, { 6, 8 }, { 6, 16 },
    };

    [Theory]
    [MemberData(nameof(ColoursAndDepths))]
    public void EveryColourTypeDepthSizeAndInterlacingIsRead(int colour, int depth)
    {
        var random = new Random((colour * 100) + depth);
        foreach (bool isInterlaced in new[] { false, true })
            foreach ((int width, int height) in new[] { (1, 1), (1, 9), (9, 1), (2, 2), (3, 5), (4, 4), (5, 7), (8, 8), (17, 19), (33, 10) })
                AssertRead(new TestPng(width, height, colour, depth)
                {
                    IsInterlaced = isInterlaced,
                    Palette = colour == 3 ? RandomBytes(random, 3 << depth) : null,
                    Filter = _ => random.Next(5),
                    DataChunkSize = random.Next(1, 50),
                }.FillRandom(random));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EveryFilterIsUndone(int filter)
    {
        foreach (object?[] kind in ColoursAndDepths)
        {
            var random = new Random(filter);
            int colour = (int)kind[0]!, depth = (int)kind[1]!;
            AssertRead(new TestPng(13, 6, colour, depth) { Palette = colour == 3 ? RandomBytes(random, 3 << depth) : null, Filter = _ => filter }.FillRandom(random));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 4)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    public void TheTransparentColourBecomesAlpha(int colour, int depth)
    {
        var random = new Random(depth);
        int channels = colour == 2 ? 3 : 1;
        int[] key = Enumerable.Range(0, channels).Select(_ => random.Next(1 << depth)).ToArray();
        var png = new TestPng(11, 5, colour, depth) { Transparency = key.SelectMany(value => new[] { (byte)(value >> 8), (byte)value }).ToArray() };
        png.FillRandom(random);

        // A pixel of the colour itself, and one that differs only in the lowest bit of the last sample.
        key.CopyTo(png.Samples, 0);
        key.CopyTo(png.Samples, channels);
        png.Samples[(2 * channels) - 1] ^= 1;
        AssertRead(png);
        Image image = Read(png.Encode());
        Assert.Equal((byte)0, image.Pixels[channels]);
        Assert.Equal((byte)255, image.Pixels[(2 * channels) + 1]);
    }

    [Fact]
    public void PaletteAlphaMayBeShorterThanThePalette()
    {
        var random = new Random(1);
        AssertRead(new TestPng(20, 20, 3, 4) { Palette = RandomBytes(random, 30), Transparency = [0, 100, 200] }.FillRandom(random));
    }

    [Fact]
    public void SixteenBitsAreRoundedToTheNearestOfEight()
    {
        var png = new TestPng(256, 256, 0, 16) { Samples = Enumerable.Range(0, 65536).ToArray() };
        byte[] pixels = Read(png.Encode()).Pixels;
        for (int value = 0; value < 65536; value++) Assert.Equal((byte)Math.Round(value * 255 / 65535.0), pixels[value]);
    }

    [Fact]
    public void AncillaryChunksAreSkippedAndBytesAfterTheEndIgnored()
    {
        TestPng png = new TestPng(3, 2, 2, 8).FillRandom(new Random(2));
        byte[] file = png.Encode();
        byte[] changed = [.. file[..33], .. TestPng.Chunk("tEXt", RandomBytes(new Random(3), 9000)), .. file[33..^12], .. TestPng.Chunk("tIME", new byte[7]), .. file[^12..], 1, 2, 3];
        Assert.Equal(png.Expected(), Read(changed).Pixels);
    }

    [Fact]
    public void StreamsThatReturnOneByteAtATimeAreRead()
    {
        TestPng png = new TestPng(9, 7, 6, 8) { IsInterlaced = true, DataChunkSize = 5 }.FillRandom(new Random(4));
        using var dripping = new DrippingStream(png.Encode());
        Assert.Equal(png.Expected(), PngReader.Read(dripping).Pixels);
    }

    internal static Image Read(byte[] file) => PngReader.Read(new MemoryStream(file));

    internal static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void AssertRead(TestPng png)
    {
        Image image = Read(png.Encode());
        Assert.Equal(png.Expected(), image.Pixels);
    }
}

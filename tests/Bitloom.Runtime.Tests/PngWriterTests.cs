using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class PngWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void WhatIsWrittenIsReadBack(int channels)
    {
        var random = new Random(channels);
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (255, 1), (1, 255), (97, 61), (300, 200) })
        {
            Image noise = RandomImage(random, width, height, channels), smooth = Gradient(width, height, channels);
            Assert.Equal(noise.Pixels, RoundTrip(noise).Pixels);
            Assert.Equal(smooth.Pixels, RoundTrip(smooth).Pixels);
        }
    }

    [Fact]
    public void FiltersAreChosenByRow()
    {
        // A gradient is nearly free with the right filters and takes hundreds of kilobytes with none.
        var target = new MemoryStream();
        PngWriter.Write(target, Gradient(640, 480, 3));
        Assert.InRange(target.Length, 100, 20_000);
    }

    [Fact]
    public void RowsAreStreamed()
    {
        var row = new byte[3000];
        PngWriter.Write(Stream.Null, new Image(10, 10, 3));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (var writer = new PngWriter(Stream.Null, 1000, 5000, 3))
        {
            for (int y = 0; y < 5000; y++) writer.WriteRow(row);
            writer.Finish();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
    }

    [Fact]
    public void RowsAreCounted()
    {
        using var writer = new PngWriter(new MemoryStream(), 2, 1, 3);
        Assert.Contains("0 of 1 rows", Assert.Throws<InvalidOperationException>(writer.Finish).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => writer.WriteRow(new byte[5]));
        writer.WriteRow(new byte[6]);
        Assert.Throws<InvalidOperationException>(() => writer.WriteRow(new byte[6]));
        writer.Finish();
        Assert.Throws<ObjectDisposedException>(writer.Finish);
    }

    [Fact]
    public void ChecksumsAreThoseOfTheStandard()
    {
        var random = new Random(6);
        for (int length = 0; length < 40; length++)
        {
            byte[] data = PngReaderTests.RandomBytes(random, length);
            Assert.Equal(TestPng.Checksum(data), Crc32.Append(0, data));
            Assert.Equal(TestPng.Checksum(data), Crc32.Append(Crc32.Append(0, data.AsSpan(0, length / 3)), data.AsSpan(length / 3)));
        }
    }

    internal static Image RandomImage(Random random, int width, int height, int channels) =>
        new(width, height, channels, PngReaderTests.RandomBytes(random, width * height * channels));

    internal static Image Gradient(int width, int height, int channels)
    {
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int pixel = i / channels;
            image.Pixels[i] = (byte)((pixel % width) + (2 * (pixel / width)) + (i % channels * 50));
        }

        return image;
    }

    private static Image RoundTrip(Image image)
    {
        var file = new MemoryStream();
        PngWriter.Write(file, image);
        file.Position = 0;
        Image read = PngReader.Read(file);
        Assert.Equal((image.Width, image.Height, image.Channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(file.Length, file.Position);
        return read;
    }
}

using System.Text;
using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class NetpbmTests
{
    [Theory]
    [InlineData("P5\n2 1\n255\n", 1)]
    [InlineData("P5 2 1 255 ", 1)]
    [InlineData("P5\t2\r\n1\v255\f", 1)]
    [InlineData("P5#kind\n# a comment\n2# width\n #1 2 3\n1\n255\n", 1)]
    [InlineData("P5 # one\r # two\n 2 1 255# three\n", 1)]
    [InlineData("P5 0002 01 0255\n", 1)]
    public void HeadersMayHaveAnySpacesAndComments(string header, int channels)
    {
        Image image = Read([.. Encoding.ASCII.GetBytes(header), 10, 35]);
        Assert.Equal((2, 1, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal([10, 35], image.Pixels);
    }

    [Fact]
    public void SamplesAreScaledFromTheirMaximum()
    {
        Assert.Equal([0, 85, 255], Read([.. "P6 1 1 3\n"u8, 0, 1, 3]).Pixels);
        Assert.Equal([0, 255, 0], Read([.. "P6 1 1 1\n"u8, 0, 1, 0]).Pixels);
        Assert.Equal([0, 128, 255], Read([.. "P6 1 1 65535\n"u8, 0, 127, 0x80, 0, 255, 255]).Pixels);
        Assert.Equal([255, 127, 64], Read([.. "P6 1 1 1000\n"u8, 3, 232, 1, 244 - 2, 0, 250]).Pixels);
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("P", "header")]
    [InlineData("P3 1 1 255 1 1 1", "only the binary forms")]
    [InlineData("P51 1 255 x", "white space must follow P5")]
    [InlineData("P5", "ends in the header")]
    [InlineData("P5 1", "ends in the header")]
    [InlineData("P5 # no end", "ends in the header")]
    [InlineData("P5 0 1 255 x", "width is 0")]
    [InlineData("P5 1 0 255 x", "height is 0")]
    [InlineData("P5 1 1 0 x", "maximum value is 0")]
    [InlineData("P5 1 1 65536 x", "maximum value passes 65535")]
    [InlineData("P5 -1 1 255 x", "width is missing")]
    [InlineData("P5 1x1 255 x", "white space must end the width")]
    [InlineData("P5 99999999999999999999 1 255 x", "width passes")]
    [InlineData("P5 65536 65536 255 x", "pass the limit")]
    [InlineData("P5 2147483647 2147483647 255 x", "pass the limit")]
    [InlineData("P6 16384 16384 255 x", "805306368 bytes of pixels should follow, 1")]
    [InlineData("P5 3 1 255 xy", "3 bytes of pixels should follow, 2")]
    [InlineData("P5 1 1 100 x", "passes the declared maximum 100")]
    public void HostileHeadersAreRefused(string text, string expected)
    {
        string message = Assert.Throws<ImageFormatException>(() => Read(Encoding.ASCII.GetBytes(text))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void EndlessCommentsAreRefused()
    {
        byte[] file = [.. "P5\n#"u8, .. Enumerable.Repeat((byte)'x', 1 << 20)];
        Assert.Contains("header passes", Assert.Throws<ImageFormatException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TruncationIsSeenWithoutSeeking()
    {
        using var dripping = new DrippingStream([.. "P5 3 3 255\n"u8, 1, 2, 3, 4]);
        Assert.Contains("row 1 of 3", Assert.Throws<ImageFormatException>(() => NetpbmReader.Read(dripping)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatIsWrittenIsReadBack(int channels)
    {
        Image image = PngWriterTests.RandomImage(new Random(7), 37, 21, channels);
        var file = new MemoryStream();
        NetpbmWriter.Write(file, image);
        Image read = Read(file.ToArray());
        Assert.Equal(image.Pixels, read.Pixels);
        Assert.Equal(channels, read.Channels);
    }

    private static Image Read(byte[] file) => NetpbmReader.Read(new MemoryStream(file));
}

using System.Globalization;
using System.Text;
using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public sealed class ImageFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bitloom-images").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.png", 1)]
    [InlineData("a.PNG", 2)]
    [InlineData("a b.png", 3)]
    [InlineData("ü.png", 4)]
    [InlineData("a.ppm", 3)]
    [InlineData("a.pgm", 1)]
    public void SavedPicturesLoad(string name, int channels)
    {
        Image image = PngWriterTests.RandomImage(new Random(8), 19, 11, channels);
        ImageFile.Save(PathOf(name), image);
        Image loaded = ImageFile.Load(PathOf(name));
        Assert.Equal(image.Pixels, loaded.Pixels);
        Assert.Equal(channels, loaded.Channels);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void LoadingGoesByContent()
    {
        ImageFile.Save(PathOf("a.png"), new Image(3, 2, 4));
        File.Move(PathOf("a.png"), PathOf("a.jpg"));
        Assert.Equal(4, ImageFile.Load(PathOf("a.jpg")).Channels);
    }

    [Fact]
    public void GreySavedAsPpmIsRgb()
    {
        ImageFile.Save(PathOf("a.ppm"), new Image(1, 1, 1, [77]));
        Assert.Equal([77, 77, 77], ImageFile.Load(PathOf("a.ppm")).Pixels);
    }

    [Theory]
    [InlineData("a.jpg", 3, "'.jpg'")]
    [InlineData("a", 3, "there is none")]
    [InlineData("a.ppm", 4, "no alpha")]
    [InlineData("a.pgm", 3, "grey only")]
    public void WhatCannotBeSavedIsRefusedAndLeavesNoFile(string name, int channels, string expected)
    {
        string message = Assert.Throws<ImageFormatException>(() => ImageFile.Save(PathOf(name), new Image(1, 1, channels))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(".png", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void AFailedSaveLeavesTheOldFileAndNothingElse()
    {
        Directory.CreateDirectory(PathOf("folder.png"));
        Assert.Throws<IOException>(() => ImageFile.Save(PathOf("folder.png"), new Image(1, 1, 3)));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFile.Save(PathOf("missing/a.png"), new Image(1, 1, 3)));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void SavingReplacesWhatALinkPointsTo()
    {
        ImageFile.Save(PathOf("real.png"), new Image(1, 1, 3));
        File.CreateSymbolicLink(PathOf("link.png"), PathOf("real.png"));
        ImageFile.Save(PathOf("link.png"), new Image(5, 4, 3));
        Assert.Equal(5, ImageFile.Load(PathOf("real.png")).Width);
        Assert.NotNull(new FileInfo(PathOf("link.png")).LinkTarget);
    }

    [Theory]
    [InlineData("\u00FF\u00D8\u00FF\u00E0abc", "a JPEG")]
    [InlineData("GIF89a", "a GIF")]
    [InlineData("RIFF....WEBPVP8 ", "a WebP")]
    [InlineData("II*\0....", "a TIFF")]
    [InlineData("BM......", "BMP")]
    [InlineData("\0\0\0 ftypavif", "an AVIF")]
    [InlineData("P3\n1 1 255\n", "text form (P3)")]
    [InlineData("P7\nWIDTH 1\n", "a PAM")]
    [InlineData("version https://git-lfs", "git lfs pull")]
    [InlineData("hello", "no picture that Bitloom knows")]
    [InlineData("", "empty")]
    [InlineData("\u0089PNG\n", "not a PNG signature|the file ends")]
    public void OtherFilesAreNamed(string content, string expected)
    {
        File.WriteAllBytes(PathOf("x.png"), Encoding.Latin1.GetBytes(content));
        string message = Assert.Throws<ImageFormatException>(() => ImageFile.Load(PathOf("x.png"))).Message;
        Assert.Contains(expected.Split('|'), part => message.Contains(part, StringComparison.Ordinal));
        Assert.StartsWith(PathOf("x.png"), message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void FilesAndMessagesDoNotDependOnTheCulture()
    {
        var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        hostile.NumberFormat = new NumberFormatInfo { NegativeSign = "neg", NumberGroupSeparator = "'", NumberDecimalSeparator = ";", PositiveSign = "pos" };
        (byte[] Ppm, byte[] Png, string Message) plain = SaveAndFail();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = hostile;
            (byte[] Ppm, byte[] Png, string Message) changed = SaveAndFail();
            Assert.Equal(plain.Ppm, changed.Ppm);
            Assert.Equal(plain.Png, changed.Png);
            Assert.Equal(plain.Message, changed.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private (byte[] Ppm, byte[] Png, string Message) SaveAndFail()
    {
        Image image = PngWriterTests.Gradient(1234, 3, 3);
        ImageFile.Save(PathOf("I.PPM"), image);
        ImageFile.Save(PathOf("I.PNG"), image);
        byte[] ppm = File.ReadAllBytes(PathOf("I.PPM")), png = File.ReadAllBytes(PathOf("I.PNG"));
        File.WriteAllBytes(PathOf("short.png"), png[..^1]);
        return (ppm, png, Assert.Throws<ImageFormatException>(() => ImageFile.Load(PathOf("short.png"))).Message);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}

using Bitloom.Runtime.Images;
using Samples;

namespace Bitloom.Samples.Tests;

/// <summary>Bands are a matter of memory only: the picture is the same.</summary>
public class BandTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 37)]
    [InlineData(17, 39)]
    [InlineData(33, 58)]
    [InlineData(50, 131)]
    public void AnyBandsGiveThePixelsOfTheWhole(int width, int height)
    {
        Image picture = Pictures.Draw(width, height, 3);
        Image whole = Pictures.Enlarge(picture, bandRows: 1 << 20);

        Assert.Equal((2 * width, 2 * height, 3), (whole.Width, whole.Height, whole.Channels));
        foreach (int rows in new[] { 1, 2, 5, 13, 40 })
            Assert.Equal(whole.Pixels, Pictures.Enlarge(picture, rows, threads: 1 + (rows % 3)).Pixels);
    }

    [Theory]
    [MemberData(nameof(SampleNetworks.Names), MemberType = typeof(SampleNetworks))]
    public void BandsOfEveryNetworkGiveThePixelsOfTheWhole(string name)
    {
        // High enough for several bands with the halos of 30 convolutions and more.
        PictureNetwork network = SampleNetworks.Find(name);
        Image picture = Pictures.Draw(29, 151, 3);
        Image whole = Pictures.Apply(network, picture, bandRows: 1 << 20);

        Assert.Equal((network.Scale * 29, network.Scale * 151, 3), (whole.Width, whole.Height, whole.Channels));

        // Winograd's method rounds in strips of four rows, which bands cut elsewhere.
        int tolerance = name.Contains("edsr", StringComparison.Ordinal) ? 1 : 0;
        foreach (int rows in new[] { 9, 31 })
            Assert.All(whole.Pixels.Zip(Pictures.Apply(network, picture, rows, threads: 2).Pixels), p => Assert.InRange(p.Second - p.First, -tolerance, tolerance));
    }

    [Fact]
    public void HalfOfTheHaloWouldShow()
    {
        // The test above would prove nothing if rows far away made no difference.
        int cut = Upscale.Networks.All[0].HaloRows / 2;
        Image picture = Pictures.Draw(40, 150, 3);
        Image whole = Pictures.Enlarge(picture);
        IEnumerable<int> wrong = Enumerable.Range(cut, 100).Where(row =>
        {
            Image window = Pictures.Enlarge(picture.Crop(0, row - cut, 40, 40));
            return !whole.Row(2 * row).SequenceEqual(window.Row(2 * cut));
        });
        Assert.NotEmpty(wrong);
    }

    [Fact]
    public void BandsCoverThePictureOnceAndKeepTheHaloAway()
    {
        foreach (int halo in new[] { 0, 1, 19 })
            for (int height = 1; height <= 150; height++)
                for (int rows = 1; rows <= height + 1; rows += 1 + (rows / 4))
                    CheckLayout(BandLayout.Of(height, rows, halo), height, rows, halo);
    }

    [Fact]
    public void BandsFollowTheMemory()
    {
        Assert.Equal(1000 - 38, BandLayout.RowsWithin(budget: 1_000_000_000, width: 1000, bytesPerPixel: 1000, halo: 19));
        Assert.Equal(16, BandLayout.RowsWithin(budget: 1, width: 1000, bytesPerPixel: 1000, halo: 19));
    }

    private static void CheckLayout(BandLayout layout, int height, int rows, int halo)
    {
        int next = 0;
        foreach (Band band in layout.Bands)
        {
            int last = band.FirstRow + band.Rows, end = band.WindowStart + layout.WindowRows;
            Assert.Equal(next, band.FirstRow);
            Assert.InRange(band.WindowStart, 0, height - layout.WindowRows);
            Assert.True(band.WindowStart == 0 || band.FirstRow - band.WindowStart >= halo, Invariant($"{band} of {height} rows starts within its halo"));
            Assert.True(end == height || end - last >= halo, Invariant($"{band} of {height} rows ends within its halo"));
            next = last;
        }

        Assert.Equal(height, next);
        Assert.InRange(layout.WindowRows, 1, rows + (2 * halo));
    }
}

using Bitloom.Runtime.Images;
using Bitloom.Spectral.Rendering;

namespace Bitloom.Spectral.Tests;

/// <summary>Colours of spectra that are known.</summary>
public class RenderingTests
{
    [Theory]
    [InlineData(450, 0.3362, 0.0380, 1.7721)]
    [InlineData(500, 0.0049, 0.3230, 0.2720)]
    [InlineData(550, 0.4334, 0.9950, 0.0087)]
    [InlineData(600, 1.0622, 0.6310, 0.0008)]
    [InlineData(650, 0.2835, 0.1070, 0.0000)]
    public void TheFitIsNearTheTableOfTheCie(double wavelength, double x, double y, double z)
    {
        // The authors state errors up to a few hundredths.
        (double fitX, double fitY, double fitZ) = ColourMatching.At(wavelength);
        Assert.Equal(x, fitX, 0.03);
        Assert.Equal(y, fitY, 0.03);
        Assert.Equal(z, fitZ, 0.03);
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(0.5, 188)]
    [InlineData(0.002, 7)]
    [InlineData(0, 0)]
    [InlineData(7, 255)]
    [InlineData(-1, 0)]
    public void AFlatSpectrumIsGreyOfItsBrightness(float value, byte expected)
    {
        foreach (IReadOnlyList<double> bands in new[] { SpectralBands.Cave, SpectralBands.Cassi })
        {
            var cube = new Cube(bands.Count, 1, 1, [.. Enumerable.Repeat(value, bands.Count)], bands);
            foreach (byte component in CubeRenderer.Colours(cube).Pixels) Assert.InRange(component, expected - 1, expected + 1);
        }
    }

    [Theory]
    [InlineData(460, 2)]
    [InlineData(535, 1)]
    [InlineData(640, 0)]
    public void LightOfOneWavelengthHasItsColour(double wavelength, int greatest)
    {
        (byte red, byte green, byte blue) = CubeRenderer.Tint(wavelength);
        byte[] tint = [red, green, blue];
        Assert.Equal(255, tint[greatest]);
        Assert.All(tint.Where((_, i) => i != greatest), v => Assert.InRange(v, 0, 200));
        Assert.Equal(((byte)0, (byte)0, (byte)0), CubeRenderer.Tint(1200));

        var cube = new Cube(1, 1, 2, [1, 0], [wavelength]);
        Assert.Equal([.. tint, 0, 0, 0], CubeRenderer.Tinted(cube, 0).Pixels);
        Assert.Equal([255, 0], CubeRenderer.Grey(cube, 0).Pixels);
    }

    [Fact]
    public void TheSheetShowsEveryBandInItsPlace()
    {
        var cube = new Cube(3, 2, 3, [.. Enumerable.Range(0, 18).Select(i => (i / 6 * 0.25f) + 0.25f)], [450, 550, 650]);
        Image sheet = CubeRenderer.Sheet([.. Enumerable.Range(0, 3).Select(band => CubeRenderer.Grey(cube, band))], columns: 2);

        Assert.Equal((4 + 7 + 7, 4 + 6 + 6, 1), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal([(64, 6), (128, 6), (191, 6)], sheet.Pixels.Where(p => p > 0).GroupBy(p => (int)p).Select(g => (g.Key, g.Count())));
        Assert.Equal(CubeRenderer.Grey(cube, 1).Pixels, sheet.Crop(11, 4, 3, 2).Pixels);
        Assert.Equal(CubeRenderer.Grey(cube, 2).Pixels, sheet.Crop(4, 10, 3, 2).Pixels);
    }

    [Fact]
    public void ColoursNeedWavelengthsThatEyesSee()
    {
        Assert.Throws<ArgumentException>(() => CubeRenderer.Colours(new Cube(2, 1, 1)));
        Assert.Throws<ArgumentException>(() => CubeRenderer.Colours(new Cube(2, 1, 1, [1200, 1300])));
    }
}

namespace Bitloom.Spectral.Tests;

/// <summary>Cubes to work on.</summary>
internal static class Cubes
{
    /// <summary>Noise of 0 to 1: the same for a size on every machine. Wavelengths are those of the camera for 28 bands, else even.</summary>
    internal static Cube Draw(int bands, int height, int width, int seed = 1)
    {
        var random = new Random(seed);
        var cube = new Cube(bands, height, width, bands == 28 ? SpectralBands.Cassi : SpectralBands.Even(400, 700, bands));
        for (int i = 0; i < cube.Values.Length; i++) cube.Values[i] = random.NextSingle();
        return cube;
    }
}

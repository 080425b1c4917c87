using Bitloom.Runtime.Tests;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;

namespace Bitloom.Spectral.Tests;

/// <summary>Cubes of the CAVE data set and the mask of TSA-Net; skipped where they are missing.</summary>
public class RealDataTests
{
    [SharedDataTheory]
    [InlineData("cave_balloons_31x256x256_u16.npy", 256, "U16", "bands first")]
    [InlineData("cave_cloth_31x256x256_u16.npy", 256, "U16", "bands first")]
    [InlineData("cave_toy_crop_150x150x31_f64.mat", 150, "F64", "bands last")]
    public void RealCubesAreRead(string file, int size, string type, string layout)
    {
        StoredCube stored = CubeReader.ReadCube(SharedData.PathOf(Path.Combine("hyperspectral", file)));
        Assert.Equal((31, size, size), (stored.Cube.Bands, stored.Cube.Height, stored.Cube.Width));
        Assert.Equal((type, layout), (stored.Type.Name, stored.Layout));
        Assert.InRange(stored.Cube.Values.Max() / stored.Type.FullScale, 0.5, 1);

        // Neighbouring bands of a scene are alike, and neighbouring pixels too: a wrong order of dimensions would not be.
        Assert.True(Difference(stored.Cube.Band(15), stored.Cube.Band(16)) < 0.3 * Difference(stored.Cube.Band(15), new float[size * size]));
        Assert.True(Difference(stored.Cube.Band(15)[1..], stored.Cube.Band(15)[..^1]) < 0.6 * Difference(stored.Cube.Band(15), new float[size * size]));
    }

    [SharedDataTheory]
    [InlineData("cave_balloons_31x256x256_u16.npy", 19.22)]
    public void TheInitialEstimateIsAPoorPicture(string file, double psnr)
    {
        StoredCube stored = CubeReader.ReadCube(SharedData.PathOf(Path.Combine("hyperspectral", file)));
        for (int i = 0; i < stored.Cube.Values.Length; i++) stored.Cube.Values[i] /= 65535;
        Cube scene = SpectralBands.Resample(stored.Cube.WithWavelengths(SpectralBands.Cave), SpectralBands.Cassi);
        Plane mask = CubeReader.ReadPlane(SharedData.PathOf("hyperspectral/tsa_mask_256_f32.npy")).Plane;

        Plane measured = SnapshotCamera.Measure(scene, mask);
        Assert.Equal((256, 310), (measured.Height, measured.Width));
        Assert.Equal(psnr, CubeQuality.Of(SnapshotCamera.InitialEstimate(measured, SpectralBands.Cassi), scene).MeanPsnr, 0.01);
    }

    private static double Difference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++) sum += Math.Abs(one[i] - other[i]);
        return sum;
    }
}

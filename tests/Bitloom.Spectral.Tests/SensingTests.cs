using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;

namespace Bitloom.Spectral.Tests;

/// <summary>The camera's model against the formula and against NumPy.</summary>
public class SensingTests
{
    [Theory]
    [InlineData(1, 3, 4)]
    [InlineData(5, 7, 3)]
    [InlineData(28, 12, 9)]
    public void TheMeasurementIsTheSumOfShiftedCodedBands(int bands, int height, int width)
    {
        Cube cube = Cubes.Draw(bands, height, width);
        Plane mask = MaskOf(height, width);
        Plane measured = SnapshotCamera.Measure(cube, mask);

        Assert.Equal((height, width + (2 * (bands - 1))), (measured.Height, measured.Width));
        for (int y = 0; y < height; y++)
            for (int x = 0; x < measured.Width; x++)
            {
                double sum = 0;
                for (int c = 0; c < bands; c++)
                    if (x - (2 * c) >= 0 && x - (2 * c) < width) sum += (double)cube.Band(c)[(y * width) + x - (2 * c)] * mask.Values[(y * width) + x - (2 * c)];
                Assert.Equal(sum, measured.Values[(y * measured.Width) + x], 1e-5);
            }
    }

    [Fact]
    public void MeasurementEstimateAndQualityAreThoseOfNumpy()
    {
        Cube cube = CubeReader.ReadCube(Golden.PathOf("sensing_cube.npy")).Cube, expected = CubeReader.ReadCube(Golden.PathOf("sensing_estimate.npy")).Cube;
        Plane mask = CubeReader.ReadPlane(Golden.PathOf("sensing_mask.npy")).Plane, measurement = CubeReader.ReadPlane(Golden.PathOf("sensing_measurement.npy")).Plane;
        Plane measured = SnapshotCamera.Measure(cube, mask);
        Cube estimate = SnapshotCamera.InitialEstimate(measured, SpectralBands.Cassi);

        AssertNear(measurement.Values, measured.Values, 1e-5);
        AssertNear(expected.Values, estimate.Values, 1e-6);
        CubeQuality quality = CubeQuality.Of(estimate, cube);
        float[] wanted = CubeReader.ReadPlane(Golden.PathOf("sensing_quality.npy")).Plane.Values;
        for (int band = 0; band < 28; band++)
        {
            Assert.Equal(wanted[2 * band], quality.Psnr[band], 1e-4);
            Assert.Equal(wanted[(2 * band) + 1], quality.Ssim[band], 1e-5);
        }

        Assert.Equal(quality.Psnr.Sum() / 28, quality.MeanPsnr, 12);
    }

    [Fact]
    public void EqualCubesAreInfinitelyNear()
    {
        Cube cube = Cubes.Draw(2, 11, 12);
        CubeQuality quality = CubeQuality.Of(cube, cube);
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], quality.Psnr);
        Assert.Equal(1, quality.MeanSsim, 12);
        Assert.True(double.IsNaN(CubeQuality.Of(Cubes.Draw(1, 10, 12), Cubes.Draw(1, 10, 12, seed: 2)).MeanSsim));
    }

    [Fact]
    public void TheMaskIsRepeatedForEveryBand()
    {
        Plane mask = MaskOf(2, 3);
        Assert.Equal([.. mask.Values, .. mask.Values, .. mask.Values], SnapshotCamera.RepeatMask(mask, 3));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(20)]
    [InlineData(5000)]
    public void ShotNoiseHasTheMeanAndVarianceOfPoissonNumbers(double photons)
    {
        const int count = 40000;
        var flat = new Plane(200, 200, [.. Enumerable.Repeat(2f, count)]);
        float[] noisy = new SensorNoise(photons, 0, Seed: 3).AddTo(flat).Values;

        double mean = noisy.Average(v => (double)v), variance = noisy.Average(v => (v - mean) * (v - mean));
        Assert.Equal(2, mean, 6 * Math.Sqrt(2 / photons / count));
        Assert.InRange(variance / (2 / photons), 0.95, 1.05);
        Assert.All(noisy, v => Assert.Equal(Math.Round(v * photons), v * photons, 1e-2));
    }

    [Fact]
    public void GaussianNoiseHasItsDeviationAndSeedsRepeat()
    {
        var flat = new Plane(200, 200, new float[40000]);
        float[] noisy = new SensorNoise(0, 0.1, Seed: 4).AddTo(flat).Values;
        Assert.Equal(0, noisy.Average(), 0.003);
        Assert.Equal(0.1, Math.Sqrt(noisy.Average(v => (double)v * v)), 0.003);
        Assert.Equal(noisy, new SensorNoise(0, 0.1, Seed: 4).AddTo(flat).Values);
        Assert.NotEqual(noisy, new SensorNoise(0, 0.1, Seed: 5).AddTo(flat).Values);
        Assert.All(flat.Values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void BandsAreInterpolatedLinearly()
    {
        // A spectrum that is linear in the wavelength stays so.
        var cube = new Cube(31, 1, 2, SpectralBands.Cave);
        for (int band = 0; band < 31; band++) (cube.Band(band)[0], cube.Band(band)[1]) = ((float)SpectralBands.Cave[band] / 1000, band % 2);
        Cube resampled = SpectralBands.Resample(cube, SpectralBands.Cassi);

        for (int band = 0; band < 28; band++)
        {
            Assert.Equal(SpectralBands.Cassi[band] / 1000, resampled.Band(band)[0], 1e-6);
            double along = (SpectralBands.Cassi[band] - 400) / 10 % 2;
            Assert.Equal(along <= 1 ? along : 2 - along, resampled.Band(band)[1], 1e-5);
        }

        Assert.Equal(cube.Values, SpectralBands.Resample(cube, SpectralBands.Cave).Values);
        Assert.Throws<ArgumentException>(() => SpectralBands.Resample(resampled, SpectralBands.Cave));
    }

    private static Plane MaskOf(int height, int width) => new(height, width, Cubes.Draw(1, height, width, seed: 9).Values);

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}

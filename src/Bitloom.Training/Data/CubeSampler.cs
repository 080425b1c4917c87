using Bitloom.Arrays;
using Bitloom.Spectral;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;
using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>
/// Random patches of hyperspectral cubes as a snapshot camera (CASSI) measures them: the inputs are the initial estimate and, for networks
/// with a second input, the mask; the target is the patch. Each is turned at random and coded by a random part of the mask.
/// </summary>
/// <remarks>
/// The camera moves bands by up to 54 pixels over one another, so most pixels of a measured scene hold light of all bands, but hardly any of a scene that is as
/// small as a patch. Therefore the strip of the cube that a patch lies in is measured as far as its light reaches the patch, and the patch is cut out of the estimate.
/// </remarks>
public sealed class CubeSampler : SampleSource
{
    private readonly IReadOnlyList<Cube> _cubes;
    private readonly Plane _mask;
    private readonly int _patch;
    private readonly bool _takesMask;

    /// <summary>Makes a sampler.</summary>
    /// <param name="cubes">Cubes of one number of bands, sides at least <paramref name="patch"/>.</param>
    /// <param name="mask">The camera's mask, sides at least <paramref name="patch"/>.</param>
    /// <param name="patch">Sides of patches.</param>
    /// <param name="takesMask">True where the network has the mask as its second input.</param>
    public CubeSampler(IReadOnlyList<Cube> cubes, Plane mask, int patch, bool takesMask)
    {
        (_cubes, _mask, _patch, _takesMask) = (cubes, mask, patch, takesMask);
        if (mask.Height < patch || mask.Width < patch) throw new TrainingException(Invariant($"a mask of {mask.Height} x {mask.Width} is too small for patches of {patch}"));
        int size = checked(cubes[0].Bands * patch * patch);
        Sizes = new SampleSizes(takesMask ? [size, size] : [size], size);
    }

    /// <inheritdoc/>
    public override SampleSizes Sizes { get; }

    /// <summary>How much spectra vary: the reach of <see cref="SpectrumVariation"/>; 0 for not at all.</summary>
    public float Variation { get; init; }

    /// <summary>Loads those cubes that are large enough for patches.</summary>
    /// <exception cref="TrainingException">There are none, or a file cannot be read.</exception>
    public static IReadOnlyList<Cube> Load(IEnumerable<string> paths, int patch)
    {
        Cube[] cubes = [.. paths.Select(LoadCube).Where(c => Math.Min(c.Height, c.Width) >= patch)];
        return cubes.Length > 0 ? cubes : throw new TrainingException(Invariant($"no cube has {patch} pixels each way; choose smaller patches or other cubes"));
    }

    /// <summary>Loads a mask.</summary>
    /// <exception cref="TrainingException">It cannot be read.</exception>
    public static Plane LoadMask(string path) => Read(path, p => CubeReader.ReadPlane(p).Plane);

    /// <summary>Loads a cube at the bands of the CASSI camera; whole numbers are divided by the largest that their type holds.</summary>
    /// <exception cref="TrainingException">It cannot be read, or its number of bands is unknown.</exception>
    public static Cube LoadCube(string path)
    {
        StoredCube stored = Read(path, p => CubeReader.ReadCube(p));
        Cube cube = stored.Cube;
        if (!stored.Type.IsFloatingPoint) foreach (ref float value in cube.Values.AsSpan()) value = (float)(value / stored.Type.FullScale);
        if (cube.Bands == SpectralBands.Cassi.Count) return cube.WithWavelengths(SpectralBands.Cassi);
        return cube.Bands == SpectralBands.Cave.Count ? SpectralBands.Resample(cube.WithWavelengths(SpectralBands.Cave), SpectralBands.Cassi)
            : throw new TrainingException(Invariant($"{path}: {cube.Bands} bands are neither the camera's {SpectralBands.Cassi.Count} nor the {SpectralBands.Cave.Count} from 400 to 700 nm; resample it first"));
    }

    /// <inheritdoc/>
    public override void Draw(CounterRandom random, SampleBatch batch, int place)
    {
        Cube cube = _cubes[random.NextIndex(_cubes.Count)];
        Orientation turn = Orientation.Draw(random, turns: true);
        (int across, int along) = turn.IsTransposed ? (cube.Width, cube.Height) : (cube.Height, cube.Width);
        int row = random.NextIndex(across - _patch + 1), column = random.NextIndex(along - _patch + 1);

        // The part of the strip whose light reaches the patch, as far as there is a mask for it.
        int reach = SnapshotCamera.Step * (cube.Bands - 1);
        int start = Math.Max(Math.Max(0, column - reach), column + _patch - _mask.Width), length = Math.Min(Math.Min(along, column + _patch + reach) - start, _mask.Width);
        int first = turn.FlipsColumns ? along - start - length : start;
        Cube strip = turn.IsTransposed ? cube.Crop(first, row, length, _patch) : cube.Crop(row, first, _patch, length);
        turn.Apply(strip.Values, strip.Height, strip.Width);
        if (Variation > 0) SpectrumVariation.Draw(random, Variation).Apply(strip.Values, strip.Bands);
        var turned = new Cube(cube.Bands, _patch, length, strip.Values, cube.Wavelengths);
        Cut(turned, CropMask(random.NextIndex(_mask.Height - _patch + 1), random.NextIndex(_mask.Width - length + 1), length), column - start, batch, place);
    }

    /// <summary>The sample at a place of a cube that is not larger than the mask: what it is when the whole cube is measured.</summary>
    internal void Cut(Cube cube, int y, int x, SampleBatch batch, int place) =>
        Cut(cube.Crop(y, 0, _patch, cube.Width), CropMask(y, 0, cube.Width), x, batch, place);

    // The patch at a column of a strip: the estimate of so many pixels needs as many of the sensor, and those that bands are moved by.
    private void Cut(Cube strip, Plane mask, int column, SampleBatch batch, int place)
    {
        Plane sensor = Crop(SnapshotCamera.Measure(strip, mask), 0, column, SnapshotCamera.MeasuredWidth(_patch, strip.Bands));
        SnapshotCamera.InitialEstimate(sensor, strip.Wavelengths!).Values.CopyTo(batch.Input(0, place));
        if (_takesMask) SnapshotCamera.RepeatMask(Crop(mask, 0, column, _patch), strip.Bands).CopyTo(batch.Input(1, place));
        strip.Crop(0, column, _patch, _patch).Values.CopyTo(batch.Target(place));
    }

    private Plane CropMask(int top, int left, int width) => Crop(_mask, top, left, width);

    private Plane Crop(Plane plane, int top, int left, int width)
    {
        var values = new float[_patch * width];
        for (int row = 0; row < _patch; row++) plane.Values.AsSpan(((top + row) * plane.Width) + left, width).CopyTo(values.AsSpan(row * width));
        return new Plane(_patch, width, values);
    }

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (ArrayFormatException failure)
        {
            throw new TrainingException(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path}: it cannot be read ({failure.Message.TrimEnd('.')}); check the path");
        }
    }
}

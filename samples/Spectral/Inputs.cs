using Bitloom.Arrays;
using Bitloom.Spectral;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;
using Samples;

namespace Spectral;

/// <summary>Reads what the command names, brings it to the network's bands and to values of 0 to 1, and says what was done.</summary>
internal sealed class Inputs(Request request, TextWriter output)
{
    // Smaller scenes cannot be mirrored at their edges to the multiple of 8 pixels that the network works on.
    private const int LeastSize = 8;

    /// <summary>The scene or the truth with the network's 28 bands.</summary>
    /// <param name="path">A file of any supported format.</param>
    /// <param name="role">What it is, for what is printed.</param>
    /// <param name="scale">What becomes 1.</param>
    internal Cube ReadCube(string path, string role, ValueScale scale)
    {
        StoredCube stored = Guarded(path, () => CubeReader.ReadCube(path, request.Variable, request.BandAxis));
        Cube cube = stored.Cube;
        string scaled = scale.ScaleCube(cube.Values, stored.Type, path);
        Print(role, $"{path}: {cube.Bands} bands of {cube.Height} x {cube.Width}, {stored.Layout}, {scaled}");
        CheckSize(cube.Height, cube.Width, path);

        IReadOnlyList<double> wanted = SpectralBands.Cassi;
        cube = cube.WithWavelengths(WavelengthsOf(cube, path));
        if (cube.Wavelengths!.SequenceEqual(wanted)) return cube;
        if (!SpectralBands.Reach(cube.Wavelengths!, wanted))
            throw new BadInputException(Invariant($"{path}: its bands of {cube.Wavelengths![0]} to {cube.Wavelengths[^1]} nm do not reach the network's {wanted[0]} to {wanted[^1]} nm; give a cube that does"));
        Print("", $"{cube.Bands} bands of {cube.Wavelengths![0]} to {cube.Wavelengths[^1]} nm interpolated to {wanted.Count} of {wanted[0]} to {wanted[^1]} nm");
        return SpectralBands.Resample(cube, wanted);
    }

    /// <summary>The mask, cut to the scene. A scene that is larger is cut to the mask where the request allows it.</summary>
    internal Plane ReadMask(ref Cube cube)
    {
        Plane mask = ReadWholeMask();
        if (cube.Height > mask.Height || cube.Width > mask.Width)
        {
            if (!request.Crops)
                throw new BadInputException(Invariant($"{request.Cube}: {cube.Height} x {cube.Width} pixels are more than the mask's {mask.Height} x {mask.Width}; add --crop to take the middle, or give a larger mask"));
            int height = Math.Min(cube.Height, mask.Height), width = Math.Min(cube.Width, mask.Width);
            int y = (cube.Height - height) / 2, x = (cube.Width - width) / 2;
            cube = cube.Crop(y, x, height, width);
            Print("", $"cut to its middle, {height} x {width} pixels from row {y} and column {x}");
        }

        return Cut(mask, cube.Height, cube.Width);
    }

    /// <summary>The measurement, and the mask cut to the scene that it shows.</summary>
    internal (Plane Measurement, Plane Mask) ReadMeasurement()
    {
        string path = request.Measurement!;
        StoredPlane stored = Guarded(path, () => CubeReader.ReadPlane(path, request.Variable));
        string scaled = request.Scale.ScaleMeasurement(stored.Plane.Values, stored.Type, path);
        Print("snapshot", $"{path}: {stored.Plane.Height} x {stored.Plane.Width}, {scaled}");
        int shear = SnapshotCamera.MeasuredWidth(0, SpectralBands.Cassi.Count), width = stored.Plane.Width - shear;
        if (width < 1) throw new BadInputException(Invariant($"{path}: {stored.Plane.Width} columns are too few; a snapshot is {shear} wider than its scene"));
        CheckSize(stored.Plane.Height, width, path);
        Plane mask = ReadWholeMask();
        if (stored.Plane.Height > mask.Height || width > mask.Width)
            throw new BadInputException(Invariant($"{request.Mask}: {mask.Height} x {mask.Width} values do not cover the scene of {stored.Plane.Height} x {width}; give the mask that the snapshot was taken with"));
        return (stored.Plane, Cut(mask, stored.Plane.Height, width));
    }

    private static void CheckSize(int height, int width, string path)
    {
        if (height < LeastSize || width < LeastSize) throw new BadInputException(Invariant($"{path}: a scene of {height} x {width} pixels is too small; give {LeastSize} x {LeastSize} at least"));
        if ((long)height * width * SpectralBands.Cassi.Count > NumericArray.DefaultMaximumValues)
            throw new BadInputException(Invariant($"{path}: a scene of {height} x {width} pixels is too large; {NumericArray.DefaultMaximumValues / SpectralBands.Cassi.Count} pixels are the limit, so cut it into parts"));
    }

    private Plane ReadWholeMask()
    {
        StoredPlane stored = Guarded(request.Mask, () => CubeReader.ReadPlane(request.Mask, request.MaskVariable));
        string scaled = ValueScale.ScaleMask(stored.Plane.Values, stored.Type, request.Mask);
        Print("mask", $"{request.Mask}: {stored.Plane.Height} x {stored.Plane.Width}, {scaled}");
        return stored.Plane;
    }

    private Plane Cut(Plane mask, int height, int width)
    {
        if ((mask.Height, mask.Width) == (height, width)) return mask;
        Print("", $"cut to its first {height} rows and {width} columns");
        return mask.Crop(height, width);
    }

    private IReadOnlyList<double> WavelengthsOf(Cube cube, string path)
    {
        if (request.Wavelengths is { } range) return SpectralBands.Even(range.First, range.Last, cube.Bands);
        if (cube.Wavelengths is { } known) return known;
        if (cube.Bands == SpectralBands.Cassi.Count) return SpectralBands.Cassi;
        return cube.Bands == SpectralBands.Cave.Count
            ? SpectralBands.Cave
            : throw new BadInputException(Invariant($"{path}: {cube.Bands} bands say nothing of their wavelengths; give them with --wavelengths FIRST:LAST, or the other axis with --band-axis"));
    }

    private void Print(string role, FormattableString what) => output.WriteLine($"{role,-9}{Invariant(what)}");

    // A native executable leaves out the framework's messages, so failures of the disk are told in words of our own.
    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArrayFormatException failure)
        {
            throw new BadInputException(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MachineFailureException($"{path}: it cannot be read to its end; check its permissions and the disk that it lies on");
        }
    }
}

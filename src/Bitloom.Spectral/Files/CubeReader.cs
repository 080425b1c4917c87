using Bitloom.Arrays;
using Bitloom.Spectral.Sensing;

namespace Bitloom.Spectral.Files;

/// <summary>
/// Reads cubes and planes from files whose extension tells the format: NumPy (<c>.npy</c>), MATLAB 5 (<c>.mat</c>), safetensors and,
/// for cubes, ENVI (<c>.hdr</c> beside its data). Files are not trusted: what they claim is held against their length first.
/// </summary>
public static class CubeReader
{
    /// <summary>The extensions, as messages list them.</summary>
    public const string Extensions = ".npy, .mat, .safetensors or .hdr (ENVI)";

    // Band counts of the field: the CASSI camera's, and those of CAVE and KAIST.
    private static readonly int[] UsualBands = [28, 31];

    /// <summary>Reads a cube.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">Its name in the file; null for the only array of three dimensions.</param>
    /// <param name="axis">Which dimension counts the bands; ENVI files say it themselves.</param>
    /// <exception cref="ArrayFormatException">The file is damaged, of another format or holds no such cube; with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StoredCube ReadCube(string path, string? variable = null, BandAxis axis = BandAxis.Detect)
    {
        if (Path.GetExtension(path).Equals(".hdr", StringComparison.OrdinalIgnoreCase)) return EnviReader.Read(path);
        CheckExtension(path, Extensions);
        NumericArray array = ArrayFile.Read(path, variable, rank: 3);
        CheckValues(array.Values, path);
        bool isFirst = IsFirst(array.Shape, axis, path);
        int bands = array.Shape[isFirst ? 0 : 2], height = array.Shape[isFirst ? 1 : 0], width = array.Shape[isFirst ? 2 : 1];
        float[] values = isFirst ? array.Values : Interleave.ToBands(array.Values, Interleave.ByPixel, bands, height, width);
        return new StoredCube(new Cube(bands, height, width, values), array.Type, isFirst ? "bands first" : "bands last");
    }

    /// <summary>Reads a plane.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">Its name in the file; null for the only array of two dimensions.</param>
    /// <exception cref="ArrayFormatException">The file is damaged, of another format or holds no such plane; with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StoredPlane ReadPlane(string path, string? variable = null)
    {
        CheckExtension(path, ArrayFile.Extensions);
        NumericArray array = ArrayFile.Read(path, variable, rank: 2);
        CheckValues(array.Values, path);
        return new StoredPlane(new Plane(array.Shape[0], array.Shape[1], array.Values), array.Type);
    }

    internal static void CheckValues(float[] values, string path)
    {
        if (values.Length == 0) throw new ArrayFormatException($"{path}: its array is empty; give another file");
        int odd = Array.FindIndex(values, v => !float.IsFinite(v));
        if (odd >= 0) throw new ArrayFormatException(Invariant($"{path}: value {odd} is {(float.IsNaN(values[odd]) ? "not a number" : "infinite")}; save finite values"));
    }

    private static bool IsFirst(IReadOnlyList<int> shape, BandAxis axis, string path)
    {
        if (axis != BandAxis.Detect) return axis == BandAxis.First;
        bool first = UsualBands.Contains(shape[0]), last = UsualBands.Contains(shape[2]);
        if (first != last) return first;
        return shape[0] != shape[2]
            ? shape[0] < shape[2]
            : throw new ArrayFormatException(Invariant($"{path}: the shape [{string.Join(", ", shape)}] does not tell whether bands are the first or the last dimension; say which"));
    }

    private static void CheckExtension(string path, string extensions)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".npy" or ".mat" or ".safetensors"))
            throw new ArrayFormatException($"{path}: its extension names no format that is read; use {extensions}");
    }
}

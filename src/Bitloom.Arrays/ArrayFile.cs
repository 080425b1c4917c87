using Bitloom.Arrays.Matlab;
using Bitloom.Arrays.Numpy;
using Bitloom.Arrays.Safetensors;

namespace Bitloom.Arrays;

/// <summary>Reads one array from a file whose extension tells the format: <c>.npy</c>, <c>.mat</c> or <c>.safetensors</c>.</summary>
public static class ArrayFile
{
    /// <summary>The extensions, as messages list them.</summary>
    public const string Extensions = ".npy, .mat or .safetensors";

    /// <summary>Reads the array of that name, or, without a name, the only one of that many dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The variable or tensor; null for the only one that fits. Formats without names do not look at it.</param>
    /// <param name="rank">How many dimensions are wanted, those of size 1 at the front left out.</param>
    /// <param name="maximumValues">Larger arrays are refused.</param>
    /// <returns>The array, its shape without the dimensions of size 1 at its front that are too many.</returns>
    /// <exception cref="ArrayFormatException">The file is damaged, of another format, or has no such array, or several; with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NumericArray Read(string path, string? name, int rank, int maximumValues = NumericArray.DefaultMaximumValues)
    {
        using FileStream file = File.OpenRead(path);
        if (!file.CanSeek) throw new ArrayFormatException($"{path}: it is a pipe or a device; give a regular file");
        NumericArray array = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => NpyReader.Read(file, path, maximumValues),
            ".mat" => MatReader.Read(file, Choose(MatReader.List(file, path, maximumValues), name, rank, path), path),
            ".safetensors" => ReadSafetensors(file, name, rank, path, maximumValues),
            _ => throw new ArrayFormatException($"{path}: its extension names no format that is read; use {Extensions}"),
        };
        IReadOnlyList<int> shape = Reduced(array.Shape, rank);
        return shape.Count == rank
            ? new NumericArray(array.Name, shape, array.Type, array.Values)
            : throw new ArrayFormatException(Invariant($"{path}: its array has the shape [{string.Join(", ", array.Shape)}], and {rank} dimensions are wanted; save it so"));
    }

    private static NumericArray ReadSafetensors(FileStream file, string? name, int rank, string path, int maximumValues)
    {
        IReadOnlyList<SafetensorsEntry> entries = SafetensorsFile.List(file, path);
        long start = file.Position;
        SafetensorsEntry entry = Choose(entries, name, rank, path);
        ArrayData.Count([.. entry.Shape.Select(d => (long)d)], maximumValues, path);
        return new NumericArray(entry.Name, entry.Shape, entry.Type, SafetensorsFile.ReadValues(file, start, entry, path));
    }

    private static T Choose<T>(IReadOnlyList<T> entries, string? name, int rank, string path)
        where T : ArrayEntry
    {
        T[] fitting = [.. entries.Where(e => name is null ? Reduced(e.Shape, rank).Count == rank : e.Name == name)];
        if (fitting.Length == 1) return fitting[0];
        string held = entries.Count == 0 ? "no numeric array at all" : string.Join(", ", entries.Take(8)) + (entries.Count > 8 ? " and more" : "");
        if (name is not null) throw new ArrayFormatException($"{path}: it holds {(fitting.Length == 0 ? "nothing" : "several arrays")} called '{ArrayText.Shown(name)}' but {held}; name one of those");
        throw new ArrayFormatException(fitting.Length == 0
            ? Invariant($"{path}: it holds no array of {rank} dimensions but {held}; give another file")
            : Invariant($"{path}: it holds several arrays of {rank} dimensions, {held}; name the one that you mean"));
    }

    // MATLAB's arrays have two dimensions at least, and networks put a batch of 1 first.
    private static IReadOnlyList<int> Reduced(IReadOnlyList<int> shape, int rank)
    {
        int extra = Math.Max(0, shape.Count - rank);
        return shape.Take(extra).All(d => d == 1) ? [.. shape.Skip(extra)] : shape;
    }
}

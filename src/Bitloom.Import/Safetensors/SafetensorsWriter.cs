using Bitloom.Arrays.Safetensors;

namespace Bitloom.Import.Safetensors;

/// <summary>Writes safetensors files of type F32.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file as a whole or not at all: into a temporary file beside it, which then takes its place.</summary>
    /// <exception cref="ImportException">Two tensors have one name, a tensor does not fit its shape, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors)
    {
        string temporary = path + ".partial";
        try
        {
            using (FileStream stream = File.Create(temporary)) Write(stream, tensors);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException($"{path}: cannot be written ({error.Message.ReplaceLineEndings(" ")}); check that the folder exists and has room", error);
        }
        finally
        {
            // Gone after the move; what is left of a failed attempt is removed.
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <exception cref="ImportException">Two tensors have one name, or a tensor does not fit its shape.</exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        foreach (NamedTensor tensor in tensors)
            if (tensor.Shape.Aggregate(1L, (size, d) => size * d) != tensor.Values.Length) throw new ImportException($"{tensor} does not hold as many values as its shape says, but {tensor.Values.Length}");
        if (tensors.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ImportException($"two tensors are called '{twice.Key}'; rename one");
        SafetensorsFile.Write(stream, [.. tensors.Select(t => (t.Name, (IReadOnlyList<int>)t.Shape, t.Values))]);
    }
}

using Bitloom.Arrays;
using Bitloom.Arrays.Safetensors;
using Bitloom.Compiler;

namespace Bitloom.Import.Safetensors;

/// <summary>Reads the weights of a checkpoint from a safetensors file, whatever their type, as single precision.</summary>
public static class SafetensorsReader
{
    /// <summary>The tensors of a file in the order of their data.</summary>
    /// <exception cref="ImportException">The file cannot be read or is not a valid safetensors file.</exception>
    public static IReadOnlyList<NamedTensor> Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException($"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")}); check the path and its permissions", error);
        }
    }

    /// <summary>The tensors of a stream, from its position on.</summary>
    /// <param name="stream">A readable stream; it stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ImportException">The stream does not hold a valid safetensors file.</exception>
    public static IReadOnlyList<NamedTensor> Read(Stream stream, string name)
    {
        // A stream of unknown length is buffered, so that what it claims can be compared with what it holds.
        if (!stream.CanSeek)
        {
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            buffer.Position = 0;
            return Read(buffer, name);
        }

        try
        {
            IReadOnlyList<SafetensorsEntry> entries = SafetensorsFile.List(stream, name);
            long start = stream.Position;
            return [.. entries.Select(entry => new NamedTensor(entry.Name, entry.Shape.ToEquatableArray(), SafetensorsFile.ReadValues(stream, start, entry, name)))];
        }
        catch (ArrayFormatException error)
        {
            throw new ImportException(error.Message, error);
        }
    }
}

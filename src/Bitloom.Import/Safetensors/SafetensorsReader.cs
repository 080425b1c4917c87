using System.Buffers.Binary;
using Bitloom.Compiler;

namespace Bitloom.Import.Safetensors;

/// <summary>
/// Reads safetensors files: 8 bytes of header length (little-endian), a JSON header with the type, shape and byte range of each
/// tensor, then the data. F32, F16, BF16, F64, I64, I32, U8 and BOOL are converted to single precision. A file that claims more than
/// it holds is refused before memory is taken for the claim.
/// </summary>
public static class SafetensorsReader
{
    /// <summary>The longest header that is accepted, as in the format's reference implementation.</summary>
    public const long LongestHeader = 100_000_000;

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

        long length = stream.Length - stream.Position;
        if (length < 8) throw new ImportException($"{name}: holds {length} bytes, too few for a safetensors file; is the path right, was the download complete?");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LongestHeader || (long)headerLength > length - 8)
            throw new ImportException(FormattableString.Invariant($"{name}: claims a header of {headerLength} bytes, but holds {length - 8} (and at most {LongestHeader} are accepted); is this a safetensors file, was the download complete?"));

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        long start = stream.Position;
        var tensors = new List<NamedTensor>();
        foreach (TensorEntry entry in SafetensorsHeader.Parse(header, length - 8 - (long)headerLength, name))
        {
            stream.Position = start + entry.Start;
            tensors.Add(new NamedTensor(entry.Name, entry.Shape.ToEquatableArray(), ReadValues(stream, entry)));
        }

        return tensors;
    }

    private static float[] ReadValues(Stream stream, TensorEntry entry)
    {
        const int chunk = 8192;
        var values = new float[entry.Elements];
        var bytes = new byte[chunk * entry.Type.Size];
        for (int done = 0; done < values.Length; done += chunk)
        {
            int count = Math.Min(chunk, values.Length - done);
            stream.ReadExactly(bytes, 0, count * entry.Type.Size);
            for (int i = 0; i < count; i++) values[done + i] = entry.Type.ToSingle(bytes.AsSpan(i * entry.Type.Size, entry.Type.Size));
        }

        return values;
    }
}

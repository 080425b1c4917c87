using System.Buffers.Binary;
using System.Text.Json;

namespace Bitloom.Arrays.Safetensors;

/// <summary>
/// Reads and writes safetensors files: 8 bytes of header length (little-endian), a JSON header with the type, shape and byte range of
/// each tensor, then the data. A file that claims more than it holds is refused before memory is taken for the claim.
/// </summary>
public static class SafetensorsFile
{
    /// <summary>The longest header that is accepted, as in the format's reference implementation.</summary>
    public const long LongestHeader = 100_000_000;

    /// <summary>The tensors of a stream in the order of their data.</summary>
    /// <param name="stream">From its position to its end; it can seek, stays open, and is left at the end of the header.</param>
    /// <param name="where">What messages call it.</param>
    /// <exception cref="ArrayFormatException">The stream does not hold a valid safetensors file.</exception>
    public static IReadOnlyList<SafetensorsEntry> List(Stream stream, string where)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long length = stream.Length - stream.Position;
        if (length < 8) throw new ArrayFormatException(Invariant($"{where}: holds {length} bytes, too few for a safetensors file; is the path right, was the download complete?"));
        Span<byte> prefix = stackalloc byte[8];
        ArrayData.ReadExactly(stream, prefix, where);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LongestHeader || (long)headerLength > length - 8)
            throw new ArrayFormatException(Invariant($"{where}: claims a header of {headerLength} bytes, but holds {length - 8} (and at most {LongestHeader} are accepted); is this a safetensors file, was the download complete?"));

        var header = new byte[headerLength];
        ArrayData.ReadExactly(stream, header, where);
        return SafetensorsHeader.Parse(header, length - 8 - (long)headerLength, where);
    }

    /// <summary>The values of a tensor, row-major.</summary>
    /// <param name="stream">The stream that was listed.</param>
    /// <param name="dataStart">Where <see cref="List"/> left it.</param>
    /// <param name="entry">The tensor.</param>
    /// <param name="where">What messages call the file.</param>
    /// <exception cref="ArrayFormatException">The stream has become shorter.</exception>
    public static float[] ReadValues(Stream stream, long dataStart, SafetensorsEntry entry, string where)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(entry);
        stream.Position = dataStart + entry.Start;
        return ArrayData.ReadValues(stream, entry.Type, entry.Elements, bigEndian: false, where);
    }

    /// <summary>Writes tensors of type F32 with different names. The stream stays open.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or a tensor does not fit its shape.</exception>
    public static void Write(Stream stream, IReadOnlyList<(string Name, IReadOnlyList<int> Shape, float[] Values)> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = MakeHeader(tensors);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach ((_, _, float[] values) in tensors) ArrayWriting.WriteValues(stream, values);
    }

    // Padded with spaces to whole 8 bytes, so that the data is aligned.
    private static byte[] MakeHeader(IReadOnlyList<(string Name, IReadOnlyList<int> Shape, float[] Values)> tensors)
    {
        using var buffer = new MemoryStream();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long start = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach ((string name, IReadOnlyList<int> shape, float[] values) in tensors)
            {
                if (!names.Add(name)) throw new ArgumentException($"two tensors are called '{name}'; rename one");
                if (shape.Aggregate(1L, (size, d) => size * d) != values.Length)
                    throw new ArgumentException(Invariant($"{name} [{string.Join(", ", shape)}] does not hold as many values as its shape says, but {values.Length}"));
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", shape.Select(d => (long)d));
                WriteNumbers(json, "data_offsets", [start, start += (long)values.Length * sizeof(float)]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}

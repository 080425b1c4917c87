using System.Buffers.Binary;
using System.Text.Json;

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
        byte[] header = MakeHeader(tensors);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (NamedTensor tensor in tensors)
        {
            var bytes = new byte[tensor.Values.Length * sizeof(float)];
            for (int i = 0; i < tensor.Values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), tensor.Values[i]);
            stream.Write(bytes);
        }
    }

    // Padded with spaces to whole 8 bytes, so that the data is aligned.
    private static byte[] MakeHeader(IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long start = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (NamedTensor tensor in tensors)
            {
                if (!names.Add(tensor.Name)) throw new ImportException($"two tensors are called '{tensor.Name}'; rename one");
                if (tensor.Shape.Aggregate(1L, (size, d) => size * d) != tensor.Values.Length) throw new ImportException($"{tensor} does not hold as many values as its shape says, but {tensor.Values.Length}");
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", tensor.Shape.Select(d => (long)d));
                WriteNumbers(json, "data_offsets", [start, start += (long)tensor.Values.Length * sizeof(float)]);
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

using System.Buffers.Binary;

namespace Bitloom.Arrays;

/// <summary>How values are written in every format: fp32, little-endian.</summary>
public static class ArrayWriting
{
    private const int Chunk = 8192;

    /// <summary>Writes values one after another.</summary>
    public static void WriteValues(Stream stream, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new byte[Chunk * sizeof(float)];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> part = values[..Math.Min(Chunk, values.Length)];
            for (int i = 0; i < part.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), part[i]);
            stream.Write(bytes, 0, part.Length * sizeof(float));
            values = values[part.Length..];
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Bitloom.Arrays.Matlab;

/// <summary>Writes one array of class single to a MAT-file of version 5, little-endian and not compressed.</summary>
public static class MatWriter
{
    private const int TextLength = 116, SingleClass = 7, SingleData = 7;

    /// <summary>Writes an array.</summary>
    /// <param name="stream">Written from its position on; it stays open.</param>
    /// <param name="name">The variable's name: a letter, then letters, digits and underscores, 63 at most.</param>
    /// <param name="shape">Dimensions as MATLAB states them; two at least.</param>
    /// <param name="values">Product of the dimensions many values, row-major. At most 2^28, far below the format's 4 GiB.</param>
    public static void Write(Stream stream, string name, IReadOnlyList<int> shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, NumericArray.DefaultMaximumValues);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Count, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 63);

        using var header = new MemoryStream();
        WriteElement(header, MatElements.UInt32, [SingleClass, 0, 0, 0, 0, 0, 0, 0]);
        WriteElement(header, MatElements.Int32, [.. shape.SelectMany(BitConverter.GetBytes)]);
        WriteElement(header, MatElements.Int8, Encoding.ASCII.GetBytes(name));
        long dataLength = (long)values.Length * sizeof(float);
        int padding = (int)(-dataLength & 7);
        WriteTag(header, SingleData, dataLength);

        // The text says what wrote it, and no date: equal arrays make equal files.
        stream.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, written by Bitloom".PadRight(TextLength)));
        stream.Write([0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x01, (byte)'I', (byte)'M']);
        WriteTag(stream, MatElements.Matrix, header.Length + dataLength + padding);
        header.WriteTo(stream);
        ArrayWriting.WriteValues(stream, ArrayData.ToColumnMajor(values, shape));
        stream.Write(new byte[padding]);
    }

    private static void WriteElement(MemoryStream stream, uint type, byte[] data)
    {
        WriteTag(stream, type, data.Length);
        stream.Write(data);
        while (stream.Length % 8 != 0) stream.WriteByte(0);
    }

    private static void WriteTag(Stream stream, uint type, long length)
    {
        Span<byte> tag = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(tag, type);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[4..], (uint)length);
        stream.Write(tag);
    }
}

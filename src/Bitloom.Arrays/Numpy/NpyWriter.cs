using System.Buffers.Binary;
using System.Text;

namespace Bitloom.Arrays.Numpy;

/// <summary>Writes .npy files of version 1 with little-endian fp32 values.</summary>
public static class NpyWriter
{
    /// <summary>Writes an array.</summary>
    /// <param name="stream">Written from its position on; it stays open.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <param name="values">Product of the dimensions many values, row-major.</param>
    public static void Write(Stream stream, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string dimensions = string.Join(", ", shape.Select(d => Invariant($"{d}"))) + (shape.Count == 1 ? "," : "");
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dimensions}), }}";

        // Data begins at a multiple of 64 bytes, and the header ends with a new line.
        const int before = 10;
        int length = ((before + header.Length + 1 + 63) / 64 * 64) - before;
        Span<byte> start = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)length);
        stream.Write(start);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        ArrayWriting.WriteValues(stream, values);
    }
}

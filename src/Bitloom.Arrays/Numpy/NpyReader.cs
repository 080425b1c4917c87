using System.Buffers.Binary;
using System.Text;

namespace Bitloom.Arrays.Numpy;

/// <summary>
/// Reads NumPy's .npy files, versions 1 to 3 (NumPy Enhancement Proposal 1): a signature, the length of the header, the header, then
/// the data. Booleans, integers and floating-point numbers of 1 to 8 bytes in either byte order and either order of dimensions.
/// </summary>
public static class NpyReader
{
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The array of a file.</summary>
    /// <param name="stream">From its position to its end; it stays open.</param>
    /// <param name="where">What messages call it.</param>
    /// <param name="maximumValues">Larger arrays are refused.</param>
    /// <exception cref="ArrayFormatException">It is no .npy file, or damaged, or of a type that is not read.</exception>
    public static NumericArray Read(Stream stream, string where, int maximumValues = NumericArray.DefaultMaximumValues)
    {
        stream = ArrayData.Seekable(stream);
        Span<byte> start = stackalloc byte[8];
        if (stream.Length - stream.Position < 12) throw new ArrayFormatException($"{where}: it is too short for a .npy file; check the path, or save it again");
        ArrayData.ReadExactly(stream, start, where);
        if (!start.StartsWith(Signature)) throw new ArrayFormatException($"{where}: it does not start as .npy files do; save it with numpy.save");
        if (start[6] is 0 or > 3) throw new ArrayFormatException(Invariant($"{where}: version {start[6]} of the .npy format is not known; save it with numpy.save"));

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        ArrayData.ReadExactly(stream, start[6] == 1 ? lengthBytes[..2] : lengthBytes, where);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > Math.Min(LongestHeader, stream.Length - stream.Position))
            throw new ArrayFormatException(Invariant($"{where}: it claims a header of {length} bytes, which it does not hold or no array needs; the file is damaged, so save it again"));
        var header = new byte[length];
        ArrayData.ReadExactly(stream, header, where);

        NpyHeader parsed = NpyHeader.Parse(Encoding.UTF8.GetString(header), where);
        int count = ArrayData.Count(parsed.Shape, maximumValues, where);
        long expected = (long)count * parsed.Type.Size, held = stream.Length - stream.Position;
        if (expected != held)
            throw new ArrayFormatException(Invariant($"{where}: [{string.Join(", ", parsed.Shape)}] of {parsed.Type.Name} takes {expected} bytes, and it holds {held}; the file is damaged, so save it again"));
        float[] values = ArrayData.ReadValues(stream, parsed.Type, count, parsed.IsBigEndian, where);
        int[] shape = [.. parsed.Shape.Select(d => (int)d)];
        return new NumericArray("", shape, parsed.Type, parsed.IsColumnMajor ? ArrayData.FromColumnMajor(values, shape) : values);
    }
}

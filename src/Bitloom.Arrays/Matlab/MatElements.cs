using System.Buffers.Binary;

namespace Bitloom.Arrays.Matlab;

/// <summary>The tag before every piece of data in a MAT-file.</summary>
/// <param name="Type">What the data is: one of the constants of <see cref="MatElements"/>.</param>
/// <param name="Length">Bytes of data.</param>
/// <param name="Padding">Bytes after it that mean nothing.</param>
internal readonly record struct MatTag(uint Type, uint Length, int Padding);

/// <summary>
/// Reads data elements one after another and never more bytes than it was given, so that an element cannot claim more than its
/// parent holds.
/// </summary>
/// <param name="stream">The bytes of the parent's data.</param>
/// <param name="bigEndian">The file's byte order.</param>
/// <param name="length">How many bytes the parent's data has.</param>
/// <param name="where">What messages call it.</param>
internal sealed class MatElements(Stream stream, bool bigEndian, long length, string where)
{
    internal const uint Int8 = 1, Int32 = 5, UInt32 = 6, Matrix = 14, Compressed = 15;

    private long _remaining = length;

    /// <summary>Reads a tag, of the long form (8 bytes) or the short one, where type, length and up to 4 bytes of data share 8 bytes.</summary>
    internal MatTag ReadTag()
    {
        uint first = ReadNumber();
        uint shortLength = first >> 16;
        if (shortLength > 4) throw Invalid(Invariant($"a short element claims {shortLength} bytes"));
        MatTag tag = shortLength > 0
            ? new MatTag(first & 0xFFFF, shortLength, 4 - (int)shortLength)
            : new MatTag(first, ReadNumber(), 0);
        if (shortLength == 0) tag = tag with { Padding = (int)(-tag.Length & 7) };
        return tag.Length <= _remaining ? tag : throw Invalid(Invariant($"an element claims {tag.Length} bytes where {_remaining} are left"));
    }

    /// <summary>Reads a small element of a known type whole.</summary>
    internal byte[] ReadSmall(uint type, int longest, string what)
    {
        MatTag tag = ReadTag();
        if (tag.Type != type || tag.Length > longest) throw Invalid(Invariant($"its {what} has type {tag.Type} and {tag.Length} bytes"));
        var data = new byte[tag.Length];
        Read(data);
        Span<byte> padding = stackalloc byte[8];
        Read(padding[..tag.Padding]);
        return data;
    }

    /// <summary>Reads the values of an element, the last one, whose tag has been read.</summary>
    internal float[] ReadValues(ElementType type, int count)
    {
        float[] values = ArrayData.ReadValues(stream, type, count, bigEndian, where);
        if (!stream.CanSeek) ArrayData.CheckEnd(stream, where);
        return values;
    }

    internal uint ToNumber(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal ArrayFormatException Invalid(string what) => new($"{where}: {what}; the file is damaged, so save it again");

    private uint ReadNumber()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return ToNumber(bytes);
    }

    private void Read(Span<byte> buffer)
    {
        if (buffer.Length > _remaining) throw Invalid("an array ends early");
        _remaining -= buffer.Length;
        ArrayData.ReadExactly(stream, buffer, where);
    }
}

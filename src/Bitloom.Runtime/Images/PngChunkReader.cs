using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>
/// Walks the chunks of a PNG: length, type, data, checksum. Every chunk's checksum is verified when its last byte has been read,
/// also that of chunks which are skipped.
/// </summary>
internal sealed class PngChunkReader(Stream source)
{
    private readonly byte[] _skipped = new byte[4096];
    private long _offset;
    private uint _checksum;

    /// <summary>Four letters, such as <c>IDAT</c>.</summary>
    internal string Type { get; private set; } = "";

    /// <summary>Where the chunk starts in the file: the byte of its length.</summary>
    internal long Start { get; private set; }

    /// <summary>Bytes of data in the chunk.</summary>
    internal int Length { get; private set; }

    /// <summary>Bytes of data not yet read.</summary>
    internal int Remaining { get; private set; }

    /// <summary>True where a reader that does not know the type cannot show the picture: its first letter is a capital.</summary>
    internal bool IsCritical => (Type[0] & 0x20) == 0;

    /// <summary>Reads the eight bytes that every PNG starts with.</summary>
    internal void ReadSignature()
    {
        Span<byte> signature = stackalloc byte[8];
        ReadExactly(signature, "in the signature");
        if (!signature.SequenceEqual(Signature))
            throw new ImageFormatException("PNG: the first eight bytes are not a PNG signature; the file is of another type or was changed as if it were text.");
    }

    /// <summary>The eight bytes that every PNG starts with; they reveal transfers that changed line ends or dropped bit 7.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Goes to the next chunk; the present one must have been finished.</summary>
    internal void Next()
    {
        Start = _offset;
        Span<byte> start = stackalloc byte[8];
        ReadExactly(start, Type.Length == 0 ? "before the first chunk" : $"after chunk {Type}, before IEND");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(start);
        foreach (byte letter in start[4..])
            if (!char.IsAsciiLetter((char)letter)) throw new ImageFormatException(Invariant($"PNG at byte {Start}: a chunk's type should be here and is not four letters; the file is damaged: export it again."));
        Type = string.Create(4, start[4..], static (name, letters) => System.Text.Encoding.ASCII.GetChars(letters, name));
        if (length > int.MaxValue) throw Wrong($"its length {length} passes the format's limit of {int.MaxValue}");
        Length = Remaining = (int)length;
        _checksum = Crc32.Append(0, start[4..]);
    }

    /// <summary>Reads up to the end of the chunk's data; 0 only at the end or for an empty span.</summary>
    internal int Read(Span<byte> data)
    {
        data = data[..Math.Min(data.Length, Remaining)];
        if (data.Length == 0) return 0;
        int count = source.Read(data);
        if (count == 0) throw Truncated($"in chunk {Type} at byte {Invariant($"{Start}")}, {Invariant($"{Remaining}")} bytes of its data missing");
        _offset += count;
        Remaining -= count;
        _checksum = Crc32.Append(_checksum, data[..count]);
        return count;
    }

    /// <summary>Reads the whole chunk of a length that is known to be small, and finishes it.</summary>
    internal byte[] ReadAll()
    {
        var data = new byte[Remaining];
        for (int count = 0; count < data.Length;) count += Read(data.AsSpan(count));
        Finish();
        return data;
    }

    /// <summary>Skips what is left of the data and verifies the checksum.</summary>
    internal void Finish()
    {
        while (Remaining > 0) Read(_skipped);
        Span<byte> stored = stackalloc byte[4];
        ReadExactly(stored, $"in the checksum of chunk {Type}");
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(stored);
        if (expected != _checksum) throw Wrong($"the checksum is {expected:X8}, its data give {_checksum:X8}");
    }

    /// <summary>An error in the present chunk.</summary>
    internal ImageFormatException Wrong(FormattableString what, Exception? inner = null) =>
        new(Invariant($"PNG chunk {Type} at byte {Start}: {Invariant(what)}; the file is damaged: export it again."), inner);

    private void ReadExactly(Span<byte> data, string where)
    {
        int count = source.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        _offset += count;
        if (count < data.Length) throw Truncated(where);
    }

    private ImageFormatException Truncated(string where) =>
        new(Invariant($"PNG: the file ends at byte {_offset} {where}; it is incomplete: copy or export it again."));
}

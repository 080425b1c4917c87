using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>Cuts what the zlib stream writes into IDAT chunks, each with its length and checksum.</summary>
internal sealed class PngDataWriter(Stream target) : Stream
{
    private readonly byte[] _chunk = new byte[1 << 16];
    private int _count;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes a chunk: length, type, data, checksum of type and data.</summary>
    internal static void WriteChunk(Stream target, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        target.Write(number);
        target.Write(type);
        target.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        target.Write(number);
    }

    /// <summary>Writes what is left, then the IEND chunk.</summary>
    internal void Finish()
    {
        WriteData();
        WriteChunk(target, "IEND"u8, []);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count = Math.Min(buffer.Length, _chunk.Length - _count);
            buffer[..count].CopyTo(_chunk.AsSpan(_count));
            _count += count;
            buffer = buffer[count..];
            if (_count == _chunk.Length) WriteData();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void WriteData()
    {
        if (_count > 0) WriteChunk(target, "IDAT"u8, _chunk.AsSpan(0, _count));
        _count = 0;
    }
}

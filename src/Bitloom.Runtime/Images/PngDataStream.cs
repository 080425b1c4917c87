namespace Bitloom.Runtime.Images;

/// <summary>The data of a run of IDAT chunks as one stream, which is what the zlib stream reads.</summary>
/// <param name="chunks">Stands at the first IDAT chunk; stands at the first chunk after the run once the end was reached.</param>
internal sealed class PngDataStream(PngChunkReader chunks) : Stream
{
    /// <summary>True after the underlying stream failed, which says nothing about the PNG.</summary>
    internal bool HasSourceFailed { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            while (chunks.Type == "IDAT")
            {
                if (chunks.Remaining > 0) return chunks.Read(buffer);
                chunks.Finish();
                chunks.Next();
            }

            return 0;
        }
        catch (IOException)
        {
            HasSourceFailed = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads to the first chunk after the run, verifying checksums.</summary>
    internal void SkipToEnd()
    {
        Span<byte> skipped = stackalloc byte[512];
        while (Read(skipped) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

namespace Bitloom.Runtime.Tests;

/// <summary>A stream that cannot seek and returns one byte a read, as a slow pipe may.</summary>
internal sealed class DrippingStream(byte[] data) : MemoryStream(data)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
}

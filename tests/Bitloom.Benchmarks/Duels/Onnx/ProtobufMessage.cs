using System.Text;

namespace Bitloom.Benchmarks.Duels.Onnx;

/// <summary>A message of protocol buffers in the making: fields by number, in the order written.</summary>
internal sealed class ProtobufMessage
{
    private const int VariableLengthInteger = 0;
    private const int LengthDelimited = 2;
    private const int FourBytes = 5;

    private readonly MemoryStream _bytes = new();

    internal ProtobufMessage Integer(int field, long value)
    {
        WriteInteger((ulong)((field << 3) | VariableLengthInteger));
        WriteInteger((ulong)value);
        return this;
    }

    internal ProtobufMessage Single(int field, float value)
    {
        WriteInteger((ulong)((field << 3) | FourBytes));
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    internal ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteInteger((ulong)((field << 3) | LengthDelimited));
        WriteInteger((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    internal ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal ProtobufMessage Message(int field, ProtobufMessage value) => Bytes(field, value.ToArray());

    internal byte[] ToArray() => _bytes.ToArray();

    private void WriteInteger(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// Bytes of weights as descriptors store them. <c>float32</c>: 4 bytes a value, little-endian, row-major. <c>bits</c>: every output
/// channel starts a new byte; bit i of a channel is bit i % 8 of its byte i / 8 (1 for +1, 0 for -1), and the bits after its last
/// weight are 0. So a channel takes ceil(bits / 8) bytes and not whole words: a depthwise 3x3 kernel takes 2 bytes instead of 8.
/// </summary>
internal static class WeightData
{
    /// <summary>Bytes of one output channel of one-bit weights.</summary>
    public static int BytesPerOutput(long bits) => checked((int)((bits + 7) / 8));

    /// <summary>Little-endian bytes of the values.</summary>
    public static byte[] ToBytes(FloatTensor tensor)
    {
        byte[] bytes = MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray();
        OrderBytes(bytes, sizeof(float));
        return bytes;
    }

    /// <summary>Packed bytes of the bits.</summary>
    public static byte[] ToBytes(BitTensor tensor)
    {
        int words = tensor.WordsPerOutput, perOutput = BytesPerOutput(tensor.BitsPerOutput);
        byte[] wide = MemoryMarshal.AsBytes(tensor.Words.AsSpan()).ToArray(), bytes = new byte[tensor.Shape[0] * perOutput];
        OrderBytes(wide, sizeof(ulong));
        for (int output = 0; output < tensor.Shape[0]; output++)
            Buffer.BlockCopy(wide, output * words * sizeof(ulong), bytes, output * perOutput, perOutput);
        return bytes;
    }

    /// <summary>Values of little-endian bytes, which are used up.</summary>
    public static float[] ToFloats(byte[] bytes)
    {
        OrderBytes(bytes, sizeof(float));
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    /// <summary>Words of packed bytes: every output channel starts a new word.</summary>
    public static ulong[] ToWords(byte[] bytes, int outputs, int bits)
    {
        int words = (bits + 63) / 64, perOutput = BytesPerOutput(bits);
        var wide = new byte[outputs * words * sizeof(ulong)];
        for (int output = 0; output < outputs; output++)
            Buffer.BlockCopy(bytes, output * perOutput, wide, output * words * sizeof(ulong), perOutput);
        OrderBytes(wide, sizeof(ulong));
        return MemoryMarshal.Cast<byte, ulong>(wide).ToArray();
    }

    /// <summary>Characters of the base64 text of so many bytes.</summary>
    public static long EncodedLength(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>Decodes base64 of exactly <paramref name="count"/> bytes without white space; false for anything else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> base64, int count, out byte[] bytes)
    {
        bytes = [];
        if (base64.Length != EncodedLength(count)) return false;
        bytes = new byte[count];
        return Base64.DecodeFromUtf8(base64, bytes, out int consumed, out int written) == OperationStatus.Done
            && consumed == base64.Length && written == count;
    }

    // The stored order is little-endian; on other machines every value is turned round.
    private static void OrderBytes(byte[] bytes, int size)
    {
        if (BitConverter.IsLittleEndian) return;
        for (int start = 0; start < bytes.Length; start += size) Array.Reverse(bytes, start, size);
    }
}

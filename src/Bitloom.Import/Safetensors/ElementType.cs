using System.Buffers.Binary;

namespace Bitloom.Import.Safetensors;

/// <summary>An element type of safetensors files.</summary>
/// <param name="Name">Its name in headers.</param>
/// <param name="Size">Bytes of a value.</param>
/// <param name="ToSingle">Converts the little-endian bytes of one value, rounding to nearest where single precision is coarser.</param>
internal sealed record ElementType(string Name, int Size, ElementType.Conversion ToSingle)
{
    internal delegate float Conversion(ReadOnlySpan<byte> bytes);

    public static IReadOnlyList<ElementType> All { get; } =
    [
        new("F32", 4, BinaryPrimitives.ReadSingleLittleEndian),
        new("F16", 2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
        // bfloat16 is the upper half of a single.
        new("BF16", 2, b => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(b) << 16)),
        new("F64", 8, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
        new("I64", 8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
        new("I32", 4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        new("U8", 1, b => b[0]),
        new("BOOL", 1, b => b[0] == 0 ? 0 : 1),
    ];

    public static ElementType? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}

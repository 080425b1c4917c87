using System.Buffers.Binary;

namespace Bitloom.Arrays;

/// <summary>How a file stores a value.</summary>
public sealed class ElementType
{
    private ElementType(string name, int size, double fullScale, Conversion toSingle)
    {
        Name = name;
        Size = size;
        FullScale = fullScale;
        ToSingle = toSingle;
    }

    /// <summary>Converts the little-endian bytes of one value, rounding to nearest where single precision is coarser.</summary>
    internal delegate float Conversion(ReadOnlySpan<byte> bytes);

    public static ElementType F32 { get; } = new("F32", 4, 1, BinaryPrimitives.ReadSingleLittleEndian);

    public static ElementType F16 { get; } = new("F16", 2, 1, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b));

    /// <summary>bfloat16: the upper half of a single.</summary>
    public static ElementType BF16 { get; } = new("BF16", 2, 1, b => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(b) << 16));

    public static ElementType F64 { get; } = new("F64", 8, 1, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b));

    public static ElementType I64 { get; } = new("I64", 8, long.MaxValue, b => BinaryPrimitives.ReadInt64LittleEndian(b));

    public static ElementType I32 { get; } = new("I32", 4, int.MaxValue, b => BinaryPrimitives.ReadInt32LittleEndian(b));

    public static ElementType I16 { get; } = new("I16", 2, short.MaxValue, b => BinaryPrimitives.ReadInt16LittleEndian(b));

    public static ElementType I8 { get; } = new("I8", 1, sbyte.MaxValue, b => (sbyte)b[0]);

    public static ElementType U64 { get; } = new("U64", 8, ulong.MaxValue, b => BinaryPrimitives.ReadUInt64LittleEndian(b));

    public static ElementType U32 { get; } = new("U32", 4, uint.MaxValue, b => BinaryPrimitives.ReadUInt32LittleEndian(b));

    public static ElementType U16 { get; } = new("U16", 2, ushort.MaxValue, b => BinaryPrimitives.ReadUInt16LittleEndian(b));

    public static ElementType U8 { get; } = new("U8", 1, byte.MaxValue, b => b[0]);

    public static ElementType Bool { get; } = new("BOOL", 1, 1, b => b[0] == 0 ? 0 : 1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ElementType> All { get; } = [F32, F16, BF16, F64, I64, I32, I16, I8, U64, U32, U16, U8, Bool];

    /// <summary>Its name in safetensors files, e.g. <c>U16</c>.</summary>
    public string Name { get; }

    /// <summary>Bytes of a value.</summary>
    public int Size { get; }

    /// <summary>The greatest value of an integer type, which sensors and pictures mean by full brightness; 1 for the others.</summary>
    public double FullScale { get; }

    /// <summary>Whether values have fractions.</summary>
    public bool IsFloatingPoint => this == F32 || this == F16 || this == BF16 || this == F64;

    internal Conversion ToSingle { get; }

    internal static ElementType? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}

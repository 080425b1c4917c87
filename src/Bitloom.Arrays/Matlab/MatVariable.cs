namespace Bitloom.Arrays.Matlab;

/// <summary>A numeric array of a MAT-file.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Type">Its class; values may be stored in a smaller type.</param>
/// <param name="Shape">Dimensions as MATLAB states them: rows, columns, and so on; two at least.</param>
/// <param name="IsComplex">Whether it has imaginary parts.</param>
/// <param name="Start">Position in the file of its element's data.</param>
/// <param name="Length">Bytes of that data.</param>
/// <param name="IsCompressed">Whether that data is a zlib stream that holds the element.</param>
public sealed record MatVariable(string Name, ElementType Type, IReadOnlyList<int> Shape, bool IsComplex, long Start, uint Length, bool IsCompressed)
    : ArrayEntry(Name, Type, Shape)
{
    private const int ComplexFlag = 0x08, LogicalFlag = 0x02, LongestName = 4096;

    // Array classes 6 to 15, then data types 1 to 13, as the format numbers them.
    private static readonly ElementType?[] Classes =
        [null, null, null, null, null, null, ElementType.F64, ElementType.F32, ElementType.I8, ElementType.U8, ElementType.I16, ElementType.U16, ElementType.I32, ElementType.U32, ElementType.I64, ElementType.U64];

    private static readonly ElementType?[] DataTypes =
        [null, ElementType.I8, ElementType.U8, ElementType.I16, ElementType.U16, ElementType.I32, ElementType.U32, ElementType.F32, null, ElementType.F64, null, null, ElementType.I64, ElementType.U64];

    /// <summary>Reads what stands before the values; null for arrays of text, cells, structures, objects and sparse ones.</summary>
    internal static MatVariable? ReadHeader(MatElements elements, int maximumValues, string where)
    {
        byte[] flagBytes = elements.ReadSmall(MatElements.UInt32, 8, "array flags");
        if (flagBytes.Length != 8) throw elements.Invalid("its array flags are cut off");
        uint flags = elements.ToNumber(flagBytes);
        if (Classes.ElementAtOrDefault((int)(flags & 0xFF)) is not { } type) return null;

        byte[] dimensions = elements.ReadSmall(MatElements.Int32, sizeof(int) * NumericArray.MaximumRank, "list of dimensions");
        if (dimensions.Length < 8 || dimensions.Length % sizeof(int) != 0) throw elements.Invalid("its list of dimensions is cut off");
        long[] shape = [.. Enumerable.Range(0, dimensions.Length / sizeof(int)).Select(i => (long)(int)elements.ToNumber(dimensions.AsSpan(i * sizeof(int))))];
        ArrayData.Count(shape, maximumValues, where);
        string name = System.Text.Encoding.UTF8.GetString(elements.ReadSmall(MatElements.Int8, LongestName, "name"));

        uint more = (flags >> 8) & 0xFF;
        bool isLogical = type == ElementType.U8 && (more & LogicalFlag) != 0;
        return new MatVariable(name, isLogical ? ElementType.Bool : type, [.. shape.Select(d => (int)d)], (more & ComplexFlag) != 0, 0, 0, IsCompressed: false);
    }

    /// <summary>Reads the values that follow the header, in MATLAB's order: the first dimension runs fastest.</summary>
    internal float[] ReadValues(MatElements elements)
    {
        int count = Shape.Aggregate(1, (product, d) => product * d);
        MatTag tag = elements.ReadTag();
        if (DataTypes.ElementAtOrDefault((int)Math.Min(tag.Type, int.MaxValue)) is not { } stored) throw elements.Invalid(Invariant($"the values of {this} are of type {tag.Type}, which is no number"));
        if (tag.Length != (long)count * stored.Size)
            throw elements.Invalid(Invariant($"the values of {this} take {(long)count * stored.Size} bytes as {stored.Name}, and it holds {tag.Length}"));
        return elements.ReadValues(stored, count);
    }
}

using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>What counting leaves in scratch memory for each pixel.</summary>
internal enum SumKind
{
    /// <summary>Sums of signs in 16 bits.</summary>
    Words,

    /// <summary>Sums of no more than 127 signs, in 8 bits.</summary>
    Bytes,

    /// <summary>Half of sums of an even number of signs, no more than 254, in 8 bits; the other factor of 2 goes into the scale.</summary>
    Halves,

    /// <summary>Signs that agree with their weight, in 8 bits: indices into a table of what the epilogue makes of each.</summary>
    Counts,
}

/// <summary>
/// The form in which the sums of a binary convolution wait for its epilogue. A sum of K signs has only K + 1 values, so what the epilogue
/// makes of it before the first operand is a table of K + 1 entries for each channel. With 512 bits, where 32 entries are two registers,
/// one permutation looks up 16 pixels and replaces conversion, scale, bias and activation; the table is made by the same operations,
/// so the bits are the same.
/// <code>
///   vector operations for 16 pixels of RPReLU(scale * sum + bias), from bytes:
///   Words, Bytes, Halves   widen, convert, multiply, add, compare, multiply, select, add    8
///   Counts                 widen, permute                                  to 31 signs      2
///                          widen, compare, permute, permute and select     to 63 signs      5
/// </code>
/// 16-bit sums take a second transpose of bit planes to bytes and an interleaving, about 6 vector operations for 16 pixels.
/// </summary>
/// <param name="Kind">The form.</param>
/// <param name="Taps">Signs of a sum.</param>
/// <param name="IsInOrder">True where sums lie pixel by pixel, false where groups of 16 are in the order of the byte interleaving.</param>
internal sealed record SumForm(SumKind Kind, int Taps, bool IsInOrder)
{
    private const int LargestByte = 127;
    private const float LargestScale = 1e38f;
    private const int TableEntries = 16;
    private const int MostTables = 4;

    /// <summary>Registers that a table of all sums takes.</summary>
    internal int Tables => (Taps + TableEntries) / TableEntries;

    /// <summary>Bytes of one sum.</summary>
    internal int Bytes => Kind == SumKind.Words ? 2 : 1;

    /// <summary>The method of <c>BinaryLayer</c> that corrects border pixels.</summary>
    internal string Correction => Kind switch { SumKind.Words => IsInOrder ? "CorrectWordsInOrder" : "CorrectWords", SumKind.Bytes => "CorrectBytes", _ => "CorrectHalves" };

    /// <summary>The cheapest form for an epilogue at a vector width; <paramref name="byTable"/> for sums that are looked up, which are bytes in order.</summary>
    internal static SumForm Choose(int width, BinaryConv2d convolution, Epilogue epilogue, bool byTable = false)
    {
        EquatableArray<int> kernel = convolution.Weight.Shape;
        var counts = new SumForm(SumKind.Counts, convolution.Weight.BitsPerOutput, byTable);

        // At the border whole columns of input channels drop out: an even number of signs, so that a sum is still twice a count less K.
        bool staysEven = kernel[2] * kernel[3] == 1 || kernel[1] % 2 == 0;
        if (width == 32 * TableEntries && staysEven && counts.Tables <= MostTables && counts.LookupCost < 1 + OwnOperations(epilogue).Sum(Cost)) return counts;
        if (byTable) return counts with { Kind = kernel[1] % 2 == 0 ? SumKind.Halves : SumKind.Bytes };
        if (counts.Taps <= LargestByte) return counts with { Kind = SumKind.Bytes };
        return staysEven && counts.Taps % 2 == 0 && counts.Taps <= 2 * LargestByte
            ? counts with { Kind = SumKind.Halves } : counts with { Kind = SumKind.Words, IsInOrder = width == 32 * TableEntries };
    }

    /// <summary>The operations that depend on nothing but the sum and the channel: those before the first operand.</summary>
    internal static IEnumerable<EpilogueOperation> OwnOperations(Epilogue epilogue) =>
        epilogue.Operations.TakeWhile(o => o is not (AddOperation or SubtractOperation));

    /// <summary>
    /// The constant that takes the factor of 2 of <see cref="SumKind.Halves"/>: the scale, if that comes first. A power of two moves from one
    /// factor to the other without a change of the product.
    /// </summary>
    internal int? DoubledScale(Epilogue epilogue) =>
        Kind == SumKind.Halves && epilogue.Operations.FirstOrDefault() is MultiplyAddOperation { Scale: { } scale } && epilogue.Constants[scale].Values.All(v => Math.Abs(v) < LargestScale)
            ? scale : null;

    private int LookupCost => Tables <= 2 ? 1 : 3;

    private static int Cost(EpilogueOperation operation) => operation switch
    {
        MultiplyAddOperation o => (o.Scale is null ? 0 : 1) + (o.Bias is null ? 0 : 1),
        LeakyReluOperation { Slope: 0 } => 2,
        _ => 3,
    };
}

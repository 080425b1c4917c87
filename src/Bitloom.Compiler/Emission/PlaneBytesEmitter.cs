namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the turn from eight bit planes to eight vectors of bytes, one for each pixel: vector i holds, in 128-bit lane l, the 16 pixels from
/// 16 * (8l + i) on. Half words of 512 bits are dealt to other places, from which joining them brings pixels in order.
/// <code>
///   512 bits     bytes of the eight planes are interleaved, then 8 x 8 bits are transposed in every 64-bit word by one instruction
///   256, 128     vectors are transposed (<see cref="BitTransposeEmitter"/>), so that byte b of vector i is pixel 8b + i, then interleaved
/// </code>
/// Planes known to be zero cost nothing, or less.
/// </summary>
internal static class PlaneBytesEmitter
{
    private const int Planes = 8;

    /// <summary>Constants that all transposes of a method share.</summary>
    internal static void EmitMasks(CodeWriter writer, int width)
    {
        if (!TransposesWords(width))
            writer.Line("Bits mask4 = Vec.Create(0x0F0F0F0F0F0F0F0FUL), mask2 = Vec.Create(0x3333333333333333UL), mask1 = Vec.Create(0x5555555555555555UL);");
    }

    /// <summary>Turns up to eight planes, null where zero, into the expressions of eight vectors; variables begin with <paramref name="prefix"/>.</summary>
    /// <param name="writer">Gets the statements.</param>
    /// <param name="width">Vector width in bits.</param>
    /// <param name="prefix">What variables begin with.</param>
    /// <param name="planes">Planes, the lowest first.</param>
    /// <param name="halfWords">True for what <c>StoreWords</c> joins.</param>
    internal static string[] Emit(CodeWriter writer, int width, string prefix, IReadOnlyList<string?> planes, bool halfWords = false)
    {
        if (planes.All(p => p is null)) return [.. Enumerable.Repeat("Octets.Zero", Planes)];
        if (!TransposesWords(width)) return Interleave(writer, prefix, [.. new BitTransposeEmitter(writer, prefix).Emit(planes).Select(c => c is null ? null : c + ".AsByte()")], "Unpack", "{0}.AsByte()");
        string?[] rows = [.. Enumerable.Range(0, Planes).Select(i => Planes - 1 - i < planes.Count && planes[Planes - 1 - i] is { } plane ? plane + ".AsByte()" : null)];
        return Interleave(writer, prefix, rows, halfWords ? "Deal" : "Unpack", "Lanes.TransposeBits({0}.AsByte())");
    }

    private static bool TransposesWords(int width) => width == 512;

    // Three rounds: bytes, pairs of bytes and fours of bytes, the last in an order of its own.
    private static string[] Interleave(CodeWriter writer, string prefix, string?[] rows, string last, string finish)
    {
        string?[] words = Round(writer, prefix + "w", rows, "AsUInt16()", "Octets.Zero");
        string?[] dwords = [.. Round(writer, prefix + "d", [words[0], words[2], words[4], words[6]], "AsUInt32()", "Octets.Zero.AsUInt16()"), .. Round(writer, prefix + "e", [words[1], words[3], words[5], words[7]], "AsUInt32()", "Octets.Zero.AsUInt16()")];
        return [.. new[] { 0, 1, 4, 5 }.SelectMany(i => new[] { "Low", "High" }.Select(half =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, finish, $"Lanes.{last}{half}({dwords[i] ?? "Octets.Zero.AsUInt32()"}, {dwords[i + 2] ?? "Octets.Zero.AsUInt32()"})")))];
    }

    // The low and the high halves of pairs of vectors, interleaved; null where both are zero.
    private static string?[] Round(CodeWriter writer, string prefix, IReadOnlyList<string?> vectors, string type, string zero)
    {
        var halves = new string?[vectors.Count];
        for (int i = 0; i < vectors.Count; i++)
        {
            (string? first, string? second) = (vectors[i & ~1], vectors[i | 1]);
            if (first is null && second is null) continue;
            halves[i] = FormattableString.Invariant($"{prefix}{i}");
            writer.Line($"var {halves[i]} = Lanes.Unpack{(i % 2 == 0 ? "Low" : "High")}({first ?? zero}, {second ?? zero}).{type};");
        }

        return halves;
    }
}

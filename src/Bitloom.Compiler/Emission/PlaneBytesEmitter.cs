namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the turn from eight bit planes to eight vectors of bytes, one for each pixel. After the transpose byte b of vector i is pixel
/// 8b + i; three rounds of interleaving within 128-bit lanes bring neighbours together: vector i holds, in lane l, the 16 pixels from
/// 16 * (8l + i) on.
/// </summary>
internal static class PlaneBytesEmitter
{
    /// <summary>Constants that all transposes of a method share.</summary>
    internal static void EmitMasks(CodeWriter writer) =>
        writer.Line("Bits mask4 = Vec.Create(0x0F0F0F0F0F0F0F0FUL), mask2 = Vec.Create(0x3333333333333333UL), mask1 = Vec.Create(0x5555555555555555UL);");

    /// <summary>Turns up to eight planes, null where zero, into the expressions of eight vectors; variables begin with <paramref name="prefix"/>.</summary>
    internal static string[] Emit(CodeWriter writer, string prefix, IReadOnlyList<string?> planes)
    {
        string?[] columns = new BitTransposeEmitter(writer, prefix).Emit(planes);
        string Column(int i) => columns[i] is { } name ? name + ".AsByte()" : "Octets.Zero";
        for (int i = 0; i < 8; i += 2)
        {
            writer.Line(FormattableString.Invariant($"var {prefix}w{i} = Lanes.UnpackLow({Column(i)}, {Column(i + 1)}).AsUInt16();"));
            writer.Line(FormattableString.Invariant($"var {prefix}w{i + 1} = Lanes.UnpackHigh({Column(i)}, {Column(i + 1)}).AsUInt16();"));
        }

        var bytes = new string[8];
        foreach (int half in new[] { 0, 1 })
        {
            foreach (int side in new[] { 0, 4 })
            {
                writer.Line(FormattableString.Invariant($"var {prefix}d{half}{side}l = Lanes.UnpackLow({prefix}w{side + half}, {prefix}w{side + 2 + half}).AsUInt32();"));
                writer.Line(FormattableString.Invariant($"var {prefix}d{half}{side}h = Lanes.UnpackHigh({prefix}w{side + half}, {prefix}w{side + 2 + half}).AsUInt32();"));
            }

            foreach ((string part, int index) in new[] { ("l", 0), ("h", 1) })
            {
                bytes[(4 * half) + (2 * index)] = FormattableString.Invariant($"Lanes.UnpackLow({prefix}d{half}0{part}, {prefix}d{half}4{part}).AsByte()");
                bytes[(4 * half) + (2 * index) + 1] = FormattableString.Invariant($"Lanes.UnpackHigh({prefix}d{half}0{part}, {prefix}d{half}4{part}).AsByte()");
            }
        }

        return bytes;
    }
}

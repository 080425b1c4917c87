namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that adds one output's carries for one vector of pixels and stores sums <c>2 * agreements - taps</c>, or the
/// agreements themselves, in the form that the epilogue reads. Counter planes stay in registers over all carries.
/// </summary>
internal static class AgreementCountEmitter
{
    // Carries between two ripples into the high planes.
    private const int GroupLevel = 5;

    /// <summary>Writes the method; returns its name.</summary>
    internal static string Emit(KernelFile file, CarryTree tree, SumForm form) => file.Method(
        FormattableString.Invariant($"CountAgreements{tree.Taps}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(byte* slot, ushort* pattern, Bits low, byte* sums)",
        writer =>
        {
            int planes = CarrySaveEmitter.PlanesFor(tree.Slots);
            EmitCounter(writer, tree.Slots, planes);
            EmitSums(writer, form, planes);
        },
        FormattableString.Invariant($"Adds {tree.Slots} carries bit-sliced; {(form.Kind == SumKind.Counts ? "leaves agreements in 8 bits" : FormattableString.Invariant($"sums are 2 * agreements - {tree.Taps}, in {8 * form.Bytes} bits"))}."));

    private static void EmitCounter(CodeWriter writer, int slots, int planes)
    {
        var adder = new CarrySaveEmitter(writer, planes);
        if (planes > 0) writer.Line($"Bits {string.Join(", ", Enumerable.Range(0, planes).Select(p => FormattableString.Invariant($"count{p} = Bits.Zero")))};");
        int group = 1 << GroupLevel;
        if (slots >= group)
        {
            using (writer.Block(FormattableString.Invariant($"for (int group = 0; group < {slots / group}; group++, slot += {group} * SlotBytes, pattern += {group})"))) adder.AddGroup(GroupLevel);
            adder.Restart();
        }

        if (slots % group == 0) return;
        using (writer.Block())
            for (int level = GroupLevel - 1; level >= 0; level--)
                if ((slots >> level & 1) != 0) adder.AddGroup(level);
    }

    // Planes of 2 * agreements: bit 0 is zero, bit 1 the parity, then the counter. Planes of agreements begin with the parity.
    private static void EmitSums(CodeWriter writer, SumForm form, int planes)
    {
        string?[] agreements = ["low", .. Enumerable.Range(0, planes).Select(p => FormattableString.Invariant($"count{p}"))];
        string?[] bits = form.Kind == SumKind.Counts ? agreements : [null, .. agreements];
        writer.Line();
        writer.Line(form.Kind == SumKind.Words ? "// Bit planes to bytes, and bytes of neighbouring pixels to 16-bit sums." : "// Bit planes to bytes of neighbouring pixels.");
        writer.Line("Bits mask4 = Vec.Create(0x0F0F0F0F0F0F0F0FUL), mask2 = Vec.Create(0x3333333333333333UL), mask1 = Vec.Create(0x5555555555555555UL);");
        string[] low = EmitBytes(writer, "l", [.. bits.Take(8)]);
        if (form.Kind == SumKind.Words)
        {
            string[] high = bits.Length > 8 ? EmitBytes(writer, "h", [.. bits.Skip(8)]) : [.. Enumerable.Repeat("Octets.Zero", 8)];
            writer.Line(FormattableString.Invariant($"var taps = Vec.Create((short)-{form.Taps});"));
            for (int i = 0; i < 8; i++)
                writer.Line(FormattableString.Invariant($"Lanes.StoreWords(sums + ({2 * i} * Lanes.Bytes), {low[i]}, {high[i]}, taps);"));
            return;
        }

        if (form.Kind == SumKind.Bytes) writer.Line(FormattableString.Invariant($"var taps = Vec.Create((byte){form.Taps});"));
        for (int i = 0; i < 8; i++)
            writer.Line(FormattableString.Invariant($"{(form.Kind == SumKind.Bytes ? $"({low[i]} - taps)" : low[i])}.Store(sums + ({i} * Lanes.Bytes));"));
    }

    // Eight planes to eight vectors of bytes; vector i holds, in each 128-bit lane, 16 neighbouring pixels.
    private static string[] EmitBytes(CodeWriter writer, string prefix, IReadOnlyList<string?> planes)
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

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
        FormattableString.Invariant($"Adds {tree.Slots} carries bit-sliced; {Describe(form)}."));

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
        string?[] bits = form.Kind is SumKind.Counts or SumKind.Halves ? agreements : [null, .. agreements];
        writer.Line();
        writer.Line(form.Kind == SumKind.Words ? "// Bit planes to bytes, and bytes of neighbouring pixels to 16-bit sums." : "// Bit planes to bytes of neighbouring pixels.");
        PlaneBytesEmitter.EmitMasks(writer);
        string[] low = PlaneBytesEmitter.Emit(writer, "l", [.. bits.Take(8)]);
        if (form.Kind == SumKind.Words)
        {
            string[] high = bits.Length > 8 ? PlaneBytesEmitter.Emit(writer, "h", [.. bits.Skip(8)]) : [.. Enumerable.Repeat("Octets.Zero", 8)];
            writer.Line(FormattableString.Invariant($"var taps = Vec.Create((short)-{form.Taps});"));
            for (int i = 0; i < 8; i++)
                writer.Line(FormattableString.Invariant($"Lanes.StoreWords(sums + ({2 * i} * Lanes.Bytes), {low[i]}, {high[i]}, taps);"));
            return;
        }

        int? least = form.Kind switch { SumKind.Bytes => form.Taps, SumKind.Halves => form.Taps / 2, _ => null };
        if (least is not null) writer.Line(FormattableString.Invariant($"var taps = Vec.Create((byte){least});"));
        for (int i = 0; i < 8; i++)
            writer.Line(FormattableString.Invariant($"{(least is null ? low[i] : $"({low[i]} - taps)")}.Store(sums + ({i} * Lanes.Bytes));"));
    }

    private static string Describe(SumForm form) => form.Kind switch
    {
        SumKind.Counts => "leaves agreements in 8 bits",
        SumKind.Halves => FormattableString.Invariant($"leaves half sums, agreements - {form.Taps / 2}, in 8 bits"),
        _ => FormattableString.Invariant($"sums are 2 * agreements - {form.Taps}, in {8 * form.Bytes} bits"),
    };
}

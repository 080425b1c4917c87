namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the end of a count: bit planes of the agreements of every pixel become sums in the form that the epilogue reads, at the variable
/// <c>sums</c>.
/// </summary>
internal static class SumStoreEmitter
{
    private const int WordBits = 16;

    /// <summary>Bits of the agreements that a form is made of: those that hold them or, in bytes, those that the byte has room for.</summary>
    internal static int PlanesFor(SumForm form) => form.Kind switch
    {
        SumKind.Words => CarrySaveEmitter.PlanesFor(form.Taps),
        SumKind.Bytes => 7,
        _ => 8,
    };

    /// <summary>What the method leaves, for its summary.</summary>
    internal static string Describe(SumForm form) => form.Kind switch
    {
        SumKind.Counts => "leaves agreements in 8 bits",
        SumKind.Halves => FormattableString.Invariant($"leaves half sums, agreements - {form.Taps / 2}, in 8 bits"),
        _ => FormattableString.Invariant($"sums are 2 * agreements - {form.Taps}, in {8 * form.Bytes} bits"),
    };

    /// <summary>Writes the stores of planes that hold the agreements.</summary>
    internal static void Emit(CodeWriter writer, int width, SumForm form, IReadOnlyList<string> agreements)
    {
        // Planes of 2 * agreements begin with one that is zero.
        string?[] bits = form.Kind is SumKind.Counts or SumKind.Halves ? [.. agreements] : [null, .. agreements];
        EmitHeading(writer, width, form);
        string[] low = PlaneBytesEmitter.Emit(writer, width, "l", [.. bits.Take(8)], halfWords: form.Kind == SumKind.Words);
        if (form.Kind == SumKind.Words)
        {
            string[] high = PlaneBytesEmitter.Emit(writer, width, "h", [.. bits.Skip(8)], halfWords: true);
            writer.Line(FormattableString.Invariant($"var taps = Vec.Create((short)-{form.Taps});"));
            for (int i = 0; i < 8; i++)
                writer.Line(FormattableString.Invariant($"Lanes.StoreWords({WordsAt(form, i)}, {low[i]}, {high[i]}, taps);"));
            return;
        }

        int? least = form.Kind switch { SumKind.Bytes => form.Taps, SumKind.Halves => form.Taps / 2, _ => null };
        if (least is not null) writer.Line(FormattableString.Invariant($"var taps = Vec.Create((byte){least});"));
        for (int i = 0; i < 8; i++)
            writer.Line(FormattableString.Invariant($"{(least is null ? low[i] : $"({low[i]} - taps)")}.Store(sums + ({i} * Lanes.Bytes));"));
    }

    /// <summary>
    /// Writes the stores of planes that hold the agreements less the variable <c>offset</c>, modulo 2^n for n planes: <see cref="PlanesFor"/>.
    /// Bytes wrap around by themselves. In words the planes are the highest bits, so that these wrap, too, and a shift brings them down.
    /// </summary>
    internal static void EmitModulo(CodeWriter writer, int width, SumForm form, IReadOnlyList<string> planes)
    {
        EmitHeading(writer, width, form);
        if (form.Kind == SumKind.Words)
        {
            int free = WordBits - planes.Count, half = (form.Taps + 1) / 2;
            string?[] bits = [.. Enumerable.Repeat<string?>(null, free), .. planes];
            string[] low = PlaneBytesEmitter.Emit(writer, width, "l", [.. bits.Take(8)], halfWords: true), high = PlaneBytesEmitter.Emit(writer, width, "h", [.. bits.Skip(8)], halfWords: true);
            writer.Line(FormattableString.Invariant($"// agreements - {half} fits {planes.Count} bits with its sign; the sum is twice that{(form.Taps % 2 == 0 ? "" : ", and 1")}."));
            writer.Line(FormattableString.Invariant($"var least = Vec.Create((short)((offset - {half}) << {free}));"));
            for (int i = 0; i < 8; i++)
                writer.Line(FormattableString.Invariant($"Lanes.StoreWords({WordsAt(form, i)}, {low[i]}, {high[i]}, least, {free - 1}{(form.Taps % 2 == 0 ? "" : ", odd: true")});"));
            return;
        }

        string[] bytes = PlaneBytesEmitter.Emit(writer, width, "l", form.Kind == SumKind.Bytes ? new string?[] { null }.Concat(planes).ToList() : [.. planes]);
        string value = form.Kind switch
        {
            SumKind.Bytes => FormattableString.Invariant($"(2 * offset) - {form.Taps}"),
            SumKind.Halves => FormattableString.Invariant($"offset - {form.Taps / 2}"),
            _ => "offset",
        };
        writer.Line($"var least = Vec.Create((byte)({value}));");
        for (int i = 0; i < 8; i++)
            writer.Line(FormattableString.Invariant($"({bytes[i]} + least).Store(sums + ({i} * Lanes.Bytes));"));
    }

    // Where the words of two vectors of bytes go: one after the other, or, of pairs, to the first and the second half of the pixels.
    private static string WordsAt(SumForm form, int pair) => FormattableString.Invariant($"sums + ({(form.IsInOrder ? (pair / 2) + (8 * (pair % 2)) : 2 * pair)} * Lanes.Bytes)");

    private static void EmitHeading(CodeWriter writer, int width, SumForm form)
    {
        writer.Line();
        writer.Line(form.Kind == SumKind.Words ? "// Bit planes to bytes, and bytes of neighbouring pixels to 16-bit sums." : "// Bit planes to bytes of neighbouring pixels.");
        PlaneBytesEmitter.EmitMasks(writer, width);
    }
}

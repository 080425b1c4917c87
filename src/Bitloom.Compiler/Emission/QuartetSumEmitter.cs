namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that finishes the count of one channel of a quartet (<see cref="QuartetCountEmitter"/>): it adds the channel's
/// exceptions, twice each, and leaves sums in the form that the epilogue reads.
/// </summary>
internal static class QuartetSumEmitter
{
    private const int RoundTaps = 8;

    // A round is a chain of carries that little else runs beside: it takes more than its operations.
    private const double RoundFactor = 2.4;

    /// <summary>Vector operations that take as long as the exceptions of an output, given how many there are; two start in a cycle.</summary>
    internal static double Cost(double exceptions, int planes) =>
        (Math.Min(1, exceptions) + (exceptions / RoundTaps)) * RoundFactor * ((2 * RoundTaps) + (2 * (planes - 4)));

    /// <summary>Writes the method; returns its name.</summary>
    internal static string Emit(KernelFile file, SumForm form) => file.Method(
        FormattableString.Invariant($"SumChannelOf{form.Taps}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(ulong* signs, ExceptionList* exceptions, byte* counts, byte* sums)",
        writer =>
        {
            string[] counters = CarrySaveEmitter.PlaneNames("count", 0, SumStoreEmitter.PlanesFor(form));
            for (int i = 0; i < counters.Length; i++)
                writer.Line(FormattableString.Invariant($"Bits {counters[i]} = Load(counts + ({i} * Lanes.Bytes));"));
            writer.Line();
            writer.Line("// Signs that the quartet counted in the wrong sense, twice each: from plane 1 on.");
            writer.Line("ushort* taps = exceptions->Taps;");
            EmitRounds(writer, "Rounds", [.. counters.Skip(1)], complemented: false);
            EmitRounds(writer, "ComplementRounds", [.. counters.Skip(1)], complemented: true);
            writer.Line("int offset = exceptions->Offset;");
            SumStoreEmitter.EmitModulo(writer, file.Width, form, counters);
        },
        FormattableString.Invariant($"Adds a channel's exceptions to its count; {SumStoreEmitter.Describe(form)}."));

    private static void EmitRounds(CodeWriter writer, string rounds, IReadOnlyList<string> counters, bool complemented)
    {
        using (writer.Block($"for (int round = 0; round < exceptions->{rounds}; round++, taps += ExceptionList.RoundTaps)"))
        {
            var adder = new CarrySaveEmitter(writer, counters);
            string[] signs = QuartetCountEmitter.Signs("taps", 0, RoundTaps);
            if (complemented) adder.AddComplements(signs);
            else foreach (string sign in signs) adder.Add(sign);
            adder.Settle();
        }
    }
}

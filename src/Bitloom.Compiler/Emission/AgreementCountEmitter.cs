namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that adds one output's carries for one vector of pixels and stores sums <c>2 * agreements - taps</c>, or the
/// agreements themselves, in the form that the epilogue reads. Counter planes stay in registers over all carries.
/// </summary>
internal static class AgreementCountEmitter
{
    // Carries of one round of the loop.
    private const int RoundCarries = 32;

    /// <summary>Writes the method; returns its name.</summary>
    internal static string Emit(KernelFile file, CarryTree tree, SumForm form) => file.Method(
        FormattableString.Invariant($"CountAgreements{tree.Taps}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(byte* slot, ushort* pattern, Bits low, byte* sums)",
        writer =>
        {
            string[] counters = CarrySaveEmitter.PlaneNames("count", 0, CarrySaveEmitter.PlanesFor(tree.Slots));
            EmitCounter(writer, tree.Slots, counters, CarrySaveEmitter.TiersFor(file.Width));

            // Planes of agreements begin with the parity.
            SumStoreEmitter.Emit(writer, file.Width, form, ["low", .. counters]);
        },
        FormattableString.Invariant($"Adds {tree.Slots} carries bit-sliced; {SumStoreEmitter.Describe(form)}."));

    private static void EmitCounter(CodeWriter writer, int slots, IReadOnlyList<string> counters, int tiers)
    {
        if (counters.Count > 0) writer.Line($"Bits {string.Join(", ", counters.Select(c => c + " = Bits.Zero"))};");
        if (slots >= RoundCarries)
            using (writer.Block(FormattableString.Invariant($"for (int round = 0; round < {slots / RoundCarries}; round++, slot += {RoundCarries} * SlotBytes, pattern += {RoundCarries})")))
                AddCarries(writer, counters, tiers, RoundCarries);
        if (slots % RoundCarries != 0)
            using (writer.Block())
                AddCarries(writer, counters, tiers, slots % RoundCarries);
    }

    private static void AddCarries(CodeWriter writer, IReadOnlyList<string> counters, int tiers, int carries)
    {
        writer.Line("// carryJ_n goes to plane J after n slots.");
        var adder = new CarrySaveEmitter(writer, counters, tiers);
        for (int slot = 0; slot < carries; slot++) adder.Add(FormattableString.Invariant($"Load(slot + ({slot} * SlotBytes) + pattern[{slot}])"));
        adder.Settle();
    }
}

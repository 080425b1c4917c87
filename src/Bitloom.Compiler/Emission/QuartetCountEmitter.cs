namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that counts the agreements of four output channels, a quartet, for one vector of pixels, but for their exceptions.
/// Taps lie in eight classes, by which of the first three channels have other weights than the fourth. One counter runs over all classes;
/// P(c) is what it holds after class c, agreements with the fourth channel. Classes next to each other differ in one channel, so
/// <code>
///   channel 3   P(7)
///   channel 2   P(7) - 2 P(3)
///   channel 1   P(7) + 2 (P(1) - P(5))
///   channel 0   P(7) + 2 (P(0) - P(2) + P(4) - P(6))
/// </code>
/// up to constants: a class that a channel's weights differ in counts for its taps less its agreements.
/// </summary>
internal static class QuartetCountEmitter
{
    /// <summary>Output channels that are counted together.</summary>
    internal const int Channels = 4;

    private const int Classes = 8;

    /// <summary>Offsets of taps that a quartet has, with lists of a length.</summary>
    internal static int QuartetTaps(int length) => 2 * Classes * length;

    /// <summary>Vectors of scratch memory: planes of four channels, then of the counter after each class.</summary>
    internal static int ScratchVectors(int planes) => (Channels + Classes) * planes;

    // A sign of 512 pixels.
    private const int SignBytes = 64;

    /// <summary>Vector operations of the method, of which two start in a cycle.</summary>
    internal static int Cost(int taps, int length, int planes)
    {
        int perClass = (BinaryMethods.AdditionCost(taps * SignBytes) * 2 * length) + planes, additions = AddedClasses.Sum(a => a.Length);
        return (Classes * perClass) + (additions * 2 * (planes - 1));
    }

    // Classes whose counts are added and subtracted in turn, for each channel.
    private static readonly (int Class, bool Subtracted)[][] AddedClasses =
    [
        [(0, false), (2, true), (4, false), (6, true)],
        [(1, false), (5, true)],
        [(3, true)],
        [],
    ];

    /// <summary>Writes the method for lists of a length; returns its name.</summary>
    internal static string Emit(KernelFile file, int taps, int length, int planes) => file.Method(
        FormattableString.Invariant($"CountQuartet{taps}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(ulong* signs, ushort* taps, byte* counts)",
        writer =>
        {
            string[] counters = CarrySaveEmitter.PlaneNames("count", 0, planes);
            writer.Line(FormattableString.Invariant($"byte* classes = counts + ({Channels * planes} * Lanes.Bytes);"));
            writer.Line($"Bits {string.Join(", ", counters.Select(c => c + " = Bits.Zero"))};");
            EmitClasses(writer, length, counters, CarrySaveEmitter.TiersFor(file.Width));
            for (int channel = Channels - 1; channel >= 0; channel--) EmitChannel(writer, channel, counters);
        },
        FormattableString.Invariant($"Agreements of {Channels} channels, of which {planes} planes each are left at 'counts': {Classes} classes of {2 * length} taps, half of them complemented."));

    private static void EmitClasses(CodeWriter writer, int length, IReadOnlyList<string> counters, int tiers)
    {
        using (writer.Block(FormattableString.Invariant($"for (int signClass = 0; signClass < {Classes}; signClass++, taps += {2 * length}, classes += {counters.Count} * Lanes.Bytes)")))
        {
            writer.Line("// carryJ_n goes to plane J after n taps.");
            var adder = new CarrySaveEmitter(writer, counters, tiers);
            foreach (string sign in Signs("taps", 0, length)) adder.Add(sign);
            writer.Line("// These count where the sign is -1.");
            adder.AddComplements(Signs("taps", length, length));
            adder.Settle();
            Store(writer, "classes", 0, counters);
        }

        writer.Line(FormattableString.Invariant($"classes -= {Classes * counters.Count} * Lanes.Bytes;"));
    }

    private static void EmitChannel(CodeWriter writer, int channel, IReadOnlyList<string> counters)
    {
        int planes = counters.Count;
        writer.Line();
        writer.Line(FormattableString.Invariant($"// Channel {channel}: all agreements{string.Concat(AddedClasses[channel].Select(a => FormattableString.Invariant($" {(a.Subtracted ? '-' : '+')} 2 P({a.Class})")))}."));
        if (AddedClasses[channel].Length == 0)
        {
            Store(writer, "counts", channel * planes, counters);
            return;
        }

        // Twice a count is added one plane higher; what it adds to the highest plane and above is lost.
        string[] sums = CarrySaveEmitter.PlaneNames(FormattableString.Invariant($"sum{channel}_"), 1, planes - 1);
        writer.Line($"Bits {string.Join(", ", sums.Select((s, i) => $"{s} = {counters[i + 1]}"))};");
        foreach ((int added, bool subtracted) in AddedClasses[channel])
        {
            string Carry(int plane) => FormattableString.Invariant($"carry{channel}{added}_{plane}");
            for (int i = 0; i < sums.Length; i++)
            {
                string count = FormattableString.Invariant($"Load(classes + ({(added * planes) + i} * Lanes.Bytes))");
                if (i == 0)
                {
                    // A subtraction adds the complement and 1.
                    writer.Line(FormattableString.Invariant($"Bits p{channel}{added} = {count}, {Carry(1)} = {(subtracted ? $"{sums[i]} | ~p{channel}{added}" : $"{sums[i]} & p{channel}{added}")};"));
                    writer.Line(FormattableString.Invariant($"{sums[i]} ^= p{channel}{added};"));
                }
                else if (i == sums.Length - 1) writer.Line($"{sums[i]} = {(subtracted ? "~" : "")}Lanes.Sum({sums[i]}, {count}, {Carry(i)});");
                else writer.Line($"Bits {Carry(i + 1)} = Lanes.{(subtracted ? "FullSubtract" : "FullAdd")}(ref {sums[i]}, {count}, {Carry(i)});");
            }
        }

        Store(writer, "counts", channel * planes, [counters[0], .. sums]);
    }

    /// <summary>The signs of taps in a list of offsets.</summary>
    internal static string[] Signs(string list, int first, int count) => [.. Enumerable.Range(first, count).Select(i => FormattableString.Invariant($"Vec.Load(signs + {list}[{i}])"))];

    private static void Store(CodeWriter writer, string target, int first, IReadOnlyList<string> planes)
    {
        for (int i = 0; i < planes.Count; i++)
            writer.Line(FormattableString.Invariant($"{planes[i]}.Store((ulong*)({target} + ({first + i} * Lanes.Bytes)));"));
    }
}

using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that reads the signs under a window for one vector of pixels and makes the carries that all outputs share.
/// Where the kernel is three wide, a triple is one kernel row of one channel, so that its three signs come from three loads
/// (<see cref="SignGatherEmitter"/>).
/// </summary>
internal static class CarryShareEmitter
{
    /// <summary>True where the signs are first gathered into scratch memory, because they do not come in natural triples.</summary>
    internal static bool Gathers(int kernelHeight, int kernelWidth) => kernelWidth != 3 && kernelHeight * kernelWidth != 1;

    /// <summary>Writes the method; returns its name.</summary>
    internal static string Emit(KernelFile file, CarryTree tree, int channels, int kernelHeight, int kernelWidth, Window window) => file.Method(
        FormattableString.Invariant($"ShareCarries{kernelHeight}x{kernelWidth}Of{channels}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static Bits {name}(byte* signs, nint planeBytes, nint rowBytes, byte* carries)",
        writer =>
        {
            writer.Line("byte* slot = carries;");
            writer.Line(FormattableString.Invariant($"byte* parity = carries + ({tree.Slots} * SlotBytes);"));
            bool gathers = Gathers(kernelHeight, kernelWidth) || tree.Levels.Count == 0;
            if (gathers) EmitGather(writer, channels, kernelHeight, kernelWidth, window);
            else if (kernelWidth == 3) EmitRowTriples(writer, channels, kernelHeight, window);
            else EmitChannelTriples(writer, tree.Levels[0]);
            for (int level = gathers ? 0 : 1; level < tree.Levels.Count; level++) EmitLevel(writer, level, tree.Levels[level]);
            EmitEnd(writer, tree);
        },
        FormattableString.Invariant($"Carries of {tree.Taps} signs in {tree.Slots} slots: levels of {string.Join(", ", tree.Levels.Select(l => FormattableString.Invariant($"{l.Triples}")))} triples. Returns the parity of all signs."));

    // The inputs of the next level lie at 'inputs'; what this level leaves over is copied behind its parities.
    private static void EmitLevel(CodeWriter writer, int level, (int Triples, int Leftover) size)
    {
        writer.Line();
        writer.Line(FormattableString.Invariant($"// Level {level + 1}: {size.Triples} triples{(size.Leftover > 0 ? FormattableString.Invariant($", {size.Leftover} left over") : "")}."));
        using (writer.Block(FormattableString.Invariant($"for (int triple = 0; triple < {size.Triples}; triple++, inputs += 3 * Lanes.Bytes, slot += SlotBytes, parity += Lanes.Bytes)")))
            writer.Line("ShareTriple(Load(inputs), Load(inputs + Lanes.Bytes), Load(inputs + (2 * Lanes.Bytes)), slot, parity);");
        for (int rest = 0; rest < size.Leftover; rest++) writer.Line("Load(inputs).Store((ulong*)parity);\ninputs += Lanes.Bytes;\nparity += Lanes.Bytes;");
        writer.Line(FormattableString.Invariant($"inputs = parity - ({size.Triples + size.Leftover} * Lanes.Bytes);"));
    }

    private static void EmitRowTriples(CodeWriter writer, int channels, int kernelHeight, Window window)
    {
        writer.Line();
        writer.Line("// Level 1: a triple is one kernel row of one channel.");
        using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {channels}; channel++, signs += planeBytes)")))
        {
            writer.Line(FormattableString.Invariant($"byte* row = signs - ({window.PadTop} * rowBytes);"));
            using (writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernelHeight}; y++, row += {window.DilationY} * rowBytes, slot += SlotBytes, parity += Lanes.Bytes)")))
                writer.Line($"ShareTriple({string.Join(", ", Enumerable.Range(0, 3).Select(x => SignGatherEmitter.Tap("row", (x * window.DilationX) - window.PadLeft)))}, slot, parity);");
        }

        writer.Line(FormattableString.Invariant($"byte* inputs = parity - ({channels * kernelHeight} * Lanes.Bytes);"));
    }

    private static void EmitChannelTriples(CodeWriter writer, (int Triples, int Leftover) size)
    {
        writer.Line();
        writer.Line("// Level 1: a triple is the same pixel in three channels.");
        using (writer.Block(FormattableString.Invariant($"for (int triple = 0; triple < {size.Triples}; triple++, signs += 3 * planeBytes, slot += SlotBytes, parity += Lanes.Bytes)")))
            writer.Line("ShareTriple(Load(signs), Load(signs + planeBytes), Load(signs + (2 * planeBytes)), slot, parity);");
        for (int rest = 0; rest < size.Leftover; rest++) writer.Line("Load(signs).Store((ulong*)parity);\nsigns += planeBytes;\nparity += Lanes.Bytes;");
        writer.Line(FormattableString.Invariant($"byte* inputs = parity - ({size.Triples + size.Leftover} * Lanes.Bytes);"));
    }

    private static void EmitGather(CodeWriter writer, int channels, int kernelHeight, int kernelWidth, Window window)
    {
        writer.Line();
        writer.Line(FormattableString.Invariant($"// The {kernelHeight} x {kernelWidth} signs of every channel, one vector each."));
        writer.Line("byte* inputs = parity;");
        SignGatherEmitter.EmitLoop(writer, channels, kernelHeight, kernelWidth, window, "parity");
    }

    private static void EmitEnd(CodeWriter writer, CarryTree tree)
    {
        writer.Line();
        if (!tree.EndsInPair)
        {
            writer.Line("return Load(inputs);");
            return;
        }

        writer.Line("// Two vectors are left: their carry is a conjunction, for 4 patterns of signs.");
        writer.Line("Bits a = Load(inputs), b = Load(inputs + Lanes.Bytes);");
        writer.Line("(a & b).Store((ulong*)slot);");
        writer.Line("Vec.AndNot(b, a).Store((ulong*)(slot + Lanes.Bytes));");
        writer.Line("Vec.AndNot(a, b).Store((ulong*)(slot + (2 * Lanes.Bytes)));");
        writer.Line("(~(a | b)).Store((ulong*)(slot + (3 * Lanes.Bytes)));");
        writer.Line("return a ^ b;");
    }
}

using Bitloom.Compiler.Emission.Steps;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the kernels of one vector width. Files of different widths differ in their aliases and constants, and in how many vectors a
/// tile holds; compared line by line they say the same.
/// </summary>
internal static class KernelFileEmitter
{
    /// <summary>Usings that make the text of a kernel independent of the width.</summary>
    internal static IEnumerable<string> Usings(int width)
    {
        yield return "System.Runtime.CompilerServices";
        yield return "System.Runtime.Intrinsics";
        yield return "Bitloom.Runtime";
        yield return "Bitloom.Runtime.Kernels";
        yield return FormattableString.Invariant($"Bits = System.Runtime.Intrinsics.Vector{width}<ulong>");
        yield return FormattableString.Invariant($"Floats = System.Runtime.Intrinsics.Vector{width}<float>");
        yield return FormattableString.Invariant($"Octets = System.Runtime.Intrinsics.Vector{width}<byte>");
        yield return FormattableString.Invariant($"Vec = System.Runtime.Intrinsics.Vector{width}");
        yield return FormattableString.Invariant($"Lanes = Bitloom.Runtime.Simd.Lanes{width}");
    }

    /// <summary>The class of kernels, and the bytes of scratch memory that a thread needs.</summary>
    internal static (string Text, long ScratchBytes) Emit(Plan plan, IReadOnlyList<StepCode> steps, int width)
    {
        var file = new KernelFile(width);
        var run = new CodeWriter();
        EmitRun(run, plan, steps, file);
        var writer = new CodeWriter();
        using (writer.Block(FormattableString.Invariant($"private static class Kernels{width}")))
        {
            writer.Line(FormattableString.Invariant($"private const int BlockPixels = {width};"));
            writer.Line("private const int VectorsPerBlock = PlaneGeometry.BlockPixels / BlockPixels;");
            writer.Line("private const int SlotBytes = 8 * Lanes.Bytes;");
            writer.Line();
            writer.Line(run.ToString().TrimEnd('\n'));
            foreach (string method in file.Names.Methods) writer.Line().Line(method.TrimEnd('\n'));
            if (plan.Steps.Any(s => s is FlatStep { Source: BinaryConvSource })) writer.Line().Line(SharedMethods);
        }

        return (writer.ToString(), file.ScratchBytes);
    }

    private const string SharedMethods = """
        /// <summary>
        /// The parity of three signs, the same for all outputs up to complement, and their carry for each of the 8 patterns of weight
        /// signs; complementing all three complements the carry.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void ShareTriple(Bits a, Bits b, Bits c, byte* slot, byte* parity)
        {
            Bits none = Lanes.Majority(a, b, c), first = Lanes.MajorityNotA(a, b, c), second = Lanes.MajorityNotB(a, b, c), third = Lanes.MajorityNotC(a, b, c);
            none.Store((ulong*)slot);
            first.Store((ulong*)(slot + Lanes.Bytes));
            second.Store((ulong*)(slot + (2 * Lanes.Bytes)));
            (~third).Store((ulong*)(slot + (3 * Lanes.Bytes)));
            third.Store((ulong*)(slot + (4 * Lanes.Bytes)));
            (~second).Store((ulong*)(slot + (5 * Lanes.Bytes)));
            (~first).Store((ulong*)(slot + (6 * Lanes.Bytes)));
            (~none).Store((ulong*)(slot + (7 * Lanes.Bytes)));
            Lanes.Sum(a, b, c).Store((ulong*)parity);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Bits Load(byte* bits) => Vec.Load((ulong*)bits);
        """;

    private static void EmitRun(CodeWriter writer, Plan plan, IReadOnlyList<StepCode> steps, KernelFile file)
    {
        writer.Line("/// <summary>One thread's share of every step.</summary>");
        using (writer.Block("internal static void Run(Session s, int part)"))
        {
            writer.Line("byte* scratch = s.Scratch + (part * s.ScratchStride);");
            foreach (Level level in plan.Levels)
            {
                if (steps.Any(s => s.SharedBlocks == level.Index && !plan.Wavefronts.Any(w => w.Contains(s.Index))))
                    writer.Line(FormattableString.Invariant($"(int first{level.Index}, int end{level.Index}) = Share.Of(s.Geometry{level.Index}.Blocks, part, s.Threads);"));
                if (steps.Any(s => s.SharedRows == level.Index))
                    writer.Line(FormattableString.Invariant($"(int firstRow{level.Index}, int endRow{level.Index}) = Share.Of(s.Geometry{level.Index}.Height, part, s.Threads);"));
            }

            for (int i = 0; i < plan.Steps.Count;)
            {
                StepRange? wavefront = plan.Wavefronts.FirstOrDefault(w => w.First == i);
                writer.Line();
                if (wavefront is null) EmitComment(writer, plan, i);
                if (i > 0) writer.Line("s.Synchronize();");
                if (wavefront is null) writer.Line(steps[i].Call(file));
                else EmitWavefront(writer, plan, steps, file, wavefront);
                i += wavefront?.Count ?? 1;
            }
        }
    }

    private static void EmitComment(CodeWriter writer, Plan plan, int step) =>
        writer.Line(FormattableString.Invariant($"// {step}. {Literal.Xml(plan.Steps[step].Name)}: {plan.Steps[step].Reason}."));

    private static void EmitWavefront(CodeWriter writer, Plan plan, IReadOnlyList<StepCode> steps, KernelFile file, StepRange range)
    {
        FlatStep[] layers = [.. plan.Steps.Skip(range.First).Take(range.Count).Cast<FlatStep>()];
        Window[] windows = [.. layers.Select(l => l.Source).OfType<BinaryConvSource>().Select(c => c.Operator.Window)];
        int padY = windows.Max(w => Math.Max(w.PadTop, w.PadBottom)), padX = windows.Max(w => Math.Max(w.PadLeft, w.PadRight)), level = layers[0].Level;
        string wave = FormattableString.Invariant($"wave{range.First}");
        writer.Line(FormattableString.Invariant($"// {range.First} to {range.First + range.Count - 1} depth first, chunk by chunk, while activations are in cache; each so many chunks behind the first."));
        writer.Line(FormattableString.Invariant($"var {wave} = new Wavefront(s.Geometry{level}, {layers.Max(l => l.Channels)}, [{string.Join(", ", range.Delays.Select(d => Literal.Integer(d)))}], {padY}, {padX}, part, s.Threads);"));
        using (writer.Block($"while ({wave}.Next())"))
        {
            writer.Line($"(int first, int end) = ({wave}.First, {wave}.End);");
            if (range.Folded.Count > 0) writer.Line($"nint fold = {wave}.Fold;");
            using (writer.Block($"switch ({wave}.IsBarrier ? -1 : {wave}.Layer)"))
            {
                writer.Line("case -1:\n    s.Synchronize();\n    break;");
                for (int i = 0; i < range.Count; i++)
                {
                    EmitComment(writer, plan, range.First + i);
                    writer.Line(FormattableString.Invariant($"case {i}:\n    {((FlatCode)steps[range.First + i]).Call(file, "first", "end")}\n    break;"));
                }
            }
        }
    }
}

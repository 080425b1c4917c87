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
    internal static (string Text, long ScratchBytes) Emit(Plan plan, int width)
    {
        var file = new KernelFile(width);
        var run = new CodeWriter();
        EmitRun(run, plan, file);
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

    private static void EmitRun(CodeWriter writer, Plan plan, KernelFile file)
    {
        writer.Line("/// <summary>One thread's share of every step.</summary>");
        using (writer.Block("internal static void Run(Session s, int part)"))
        {
            writer.Line("byte* scratch = s.Scratch + (part * s.ScratchStride);");
            foreach (Level level in plan.Levels)
            {
                if (plan.Steps.Any(step => step is FlatStep flat && flat.Level == level.Index))
                    writer.Line(FormattableString.Invariant($"(int first{level.Index}, int end{level.Index}) = Share.Of(s.Geometry{level.Index}.Blocks, part, s.Threads);"));
                if (plan.Steps.Any(step => RowsOf(step) == level.Index))
                    writer.Line(FormattableString.Invariant($"(int firstRow{level.Index}, int endRow{level.Index}) = Share.Of(s.Geometry{level.Index}.Height, part, s.Threads);"));
            }

            for (int i = 0; i < plan.Steps.Count; i++)
            {
                Step step = plan.Steps[i];
                writer.Line();
                writer.Line(FormattableString.Invariant($"// {i}. {Literal.Xml(step.Name)}: {step.Reason}."));
                if (i > 0) writer.Line("s.Synchronize();");
                writer.Line(Call(plan, file, step, i));
            }
        }
    }

    private static int RowsOf(Step step) => step switch
    {
        LoadInputStep load => load.Level,
        StoreOutputStep store => store.Level,
        RowStep row => row.ToLevel,
        WinogradStep winograd => winograd.Level,
        _ => -1,
    };

    private static string Call(Plan plan, KernelFile file, Step step, int index)
    {
        string Slot(int slot) => "s." + plan.Slots[slot].Name;
        switch (step)
        {
            case LoadInputStep load:
                return FormattableString.Invariant($"RowKernels.Load(s.Input{load.Input}, {Slot(load.Target)}, s.Geometry{load.Level}, {load.Channels}, firstRow{load.Level}, endRow{load.Level});");
            case StoreOutputStep store:
                return FormattableString.Invariant($"RowKernels.Store({Slot(store.Source)}, s.Output{store.Output}, s.Geometry{store.Level}, {store.Channels}, firstRow{store.Level}, endRow{store.Level});");
            case RowStep row:
                string scratch = row.Kernel == RowKernel.ResizeBilinear ? ", (float*)scratch" : "";
                return FormattableString.Invariant($"RowKernels.{row.Kernel}({Slot(row.Source)}, s.Geometry{row.FromLevel}, {Slot(row.Target)}, s.Geometry{row.ToLevel}, {row.Channels}, {string.Join(", ", row.Parameters)}{scratch}, firstRow{row.ToLevel}, endRow{row.ToLevel});");
            case WinogradStep winograd:
                return FormattableString.Invariant($"{WinogradEmitter.Emit(file, winograd)}(s.Kernel{index}, {Slot(winograd.Source)}, {Slot(winograd.Target)}, s.Geometry{winograd.Level}, scratch, part, s.Threads);");
            case FlatStep flat:
                return FlatCall(plan, file, flat, index, Slot);
            default:
                throw new InvalidOperationException($"{step.GetType().Name} has no code.");
        }
    }

    private static string FlatCall(Plan plan, KernelFile file, FlatStep step, int index, Func<int, string> slot)
    {
        (string kernel, string[] source) = step.Source switch
        {
            BinaryConvSource binary => (BinaryConvEmitter.Emit(file, step, binary), new[] { FormattableString.Invariant($"in s.Layer{index}"), slot(binary.Signs) }),
            ConvSource conv => (ConvEmitter.Emit(file, step, conv), [FormattableString.Invariant($"s.Kernel{index}"), FormattableString.Invariant($"s.Constants{index}"), slot(conv.Floats)]),
            PlaneSource plane => (PlaneKernelEmitter.Emit(file, step, plane), [FormattableString.Invariant($"s.Constants{index}"), slot(plane.Operand.Slot)]),
            _ => throw new InvalidOperationException($"{step.Source.GetType().Name} has no kernel."),
        };
        var arguments = new List<string>(source) { FormattableString.Invariant($"s.Geometry{step.Level}") };
        arguments.AddRange(step.Epilogue.Operands.Select(o => slot(o.Slot)));
        if (step.Epilogue.FloatStore is { } store) arguments.Add(slot(store.Slot));
        arguments.AddRange(step.Epilogue.SignStores.Select(s => slot(s.Slot)));
        if (EpilogueEmitter.NeedsMask(step.Epilogue)) arguments.Add(FormattableString.Invariant($"s.Mask{step.Level}"));
        if (step.Epilogue.Shuffle is { } shuffle)
        {
            arguments.Add(FormattableString.Invariant($"s.Geometry{shuffle.Level}"));
            if (shuffle.Sign is { } sign) arguments.Add(slot(sign.Slot));
        }

        arguments.Add("scratch");
        arguments.Add(FormattableString.Invariant($"first{step.Level}"));
        arguments.Add(FormattableString.Invariant($"end{step.Level}"));
        return $"{kernel}({string.Join(", ", arguments)});";
    }
}

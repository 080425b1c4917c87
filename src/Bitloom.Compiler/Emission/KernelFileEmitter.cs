using Bitloom.Compiler.Emission.Steps;
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
        string run = new RunEmitter(plan, steps, file).Emit();
        var writer = new CodeWriter();
        using (writer.Block(FormattableString.Invariant($"private static class Kernels{width}")))
        {
            writer.Line(FormattableString.Invariant($"private const int BlockPixels = {width};"));
            writer.Line("private const int VectorsPerBlock = PlaneGeometry.BlockPixels / BlockPixels;");
            writer.Line("private const int SlotBytes = 8 * Lanes.Bytes;");
            writer.Line();
            writer.Line(run.TrimEnd('\n'));
            foreach (string method in file.Names.Methods) writer.Line().Line(method.TrimEnd('\n'));
            if (plan.Steps.Any(s => s is FlatStep { Source: BinaryConvSource })) writer.Line().Line(SharedMethods);
            foreach (string method in ActivationMethods.For(plan)) writer.Line().Line(method);
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
}

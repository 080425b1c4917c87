using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes binary convolutions of few channels a group, where carries cost more to share than they save. For a chunk of blocks,
/// <list type="number">
/// <item>the signs of the up to four channels of a group become a code of four bits for each pixel, one byte,</item>
/// <item>each tap of an output looks its code up in a table of 16 sums, as many pixels at once as a vector has bytes,</item>
/// <item>the epilogue finishes the sums, which are bytes in the order of pixels and right at the border.</item>
/// </list>
/// Cost of an output for as many pixels as a vector has bits: 8 lookups and 8 additions a tap; 36 signs of a 3 x 3 window take 144 vector
/// operations, whose bound is the unit that permutes (72 of 512 bits), and a fourth of the 2 x 60 that make the codes. Sharing carries takes
/// 110 an output, but 400 and 157 stores a group (<see cref="CarryTree"/>), which four outputs do not pay for.
/// </summary>
internal static class SignLookupEmitter
{
    private const int MostChannels = 4;
    private const int MostTaps = 127;

    // Outputs whose lookups share the loads of codes, in registers.
    private const int MostOutputs = 4;

    /// <summary>Vector operations of a group, of which two start in a cycle, for as many pixels as bits; infinite where it cannot be done.</summary>
    internal static double Cost(BinaryConv2d convolution)
    {
        EquatableArray<int> kernel = convolution.Weight.Shape;
        int window = kernel[2] * kernel[3];
        if (kernel[1] > MostChannels || window == 1 || convolution.Weight.BitsPerOutput > MostTaps) return double.PositiveInfinity;
        return 120 + (16 * window * (kernel[0] / convolution.Groups));
    }

    /// <summary>C# for the bytes of scratch memory of a step, which depend on the image's size.</summary>
    internal static string ScratchBytes(FlatStep step)
    {
        var source = (BinaryConvSource)step.Source;
        (int y, int x) = Reach(source.Operator);
        return FormattableString.Invariant($"{SumBytes} + SignCodes.Bytes(Geometry{step.Level}, {y}, {x})");
    }

    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConv2d conv)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int window = kernel[2] * kernel[3], inputs = kernel[1], outputs = kernel[0] / conv.Groups;
        int together = Enumerable.Range(1, MostOutputs).Last(n => outputs % n == 0);
        var form = SumForm.Choose(file.Width, conv, step.Epilogue, byTable: true);
        string encode = EmitEncode(file, inputs), lookUp = EmitLookUp(file, conv, form, together), finish = FlatLoopEmitter.FinishMethod(file, step, form);
        (int reachY, int reachX) = Reach(conv);
        long shuffledBytes = FlatLoopEmitter.ShuffleBytes(file, step);
        return file.Method(
            FormattableString.Invariant($"BinaryConv{kernel[2]}x{kernel[3]}ByTableOf{inputs}To{outputs}In{conv.Groups}Groups"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "in BinaryLayer layer", "byte* source", "byte* image"))})",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"byte* sums = scratch, codes = scratch + {SumBytes};"));
                writer.Line(FormattableString.Invariant($"int halo = SignCodes.HaloBlocks(geometry, {reachY}, {reachX});"));
                using (writer.Block("for (int chunk = first; chunk < end; chunk += SignCodes.ChunkBlocks)"))
                using (writer.Block(FormattableString.Invariant($"for (int group = 0; group < {conv.Groups}; group++)")))
                {
                    writer.Line("int chunkEnd = Math.Min(chunk + SignCodes.ChunkBlocks, end), coded = (chunk - halo) * VectorsPerBlock;");
                    writer.Line(FormattableString.Invariant($"{encode}(source + ((long)group * {inputs} * geometry.BitStride), geometry.BitStride, image, coded, (chunkEnd + halo) * VectorsPerBlock, geometry.Blocks * VectorsPerBlock, codes);"));
                    writer.Line();
                    writer.Line("// After the last output of a block comes the next block, or the next group where the chunk has one block.");
                    writer.Line(FormattableString.Invariant($"nint next = chunkEnd - chunk > 1 ? BlockPixels - ({outputs - 1} * (nint)geometry.FloatStride) : geometry.FloatStride;"));
                    using (writer.Block("for (int block = chunk * VectorsPerBlock; block < chunkEnd * VectorsPerBlock; block++)"))
                    {
                        writer.Line("long pixel = (long)block * BlockPixels;");
                        using (writer.Block(FormattableString.Invariant($"for (int channel = group * {outputs}; channel < (group + 1) * {outputs}; channel += {together})")))
                        {
                            writer.Line(FormattableString.Invariant($"{lookUp}(codes + ((block - coded) * BlockPixels), geometry.Pitch, layer.Tables + (channel * {window * TableBytes}), sums);"));
                            for (int i = 0; i < together; i++)
                                FlatLoopEmitter.Finish(writer, step, finish, FormattableString.Invariant($"sums + ({i} * BlockPixels)"), "layer.Constants", FormattableString.Invariant($"(channel + {i})"), i < together - 1 ? "geometry.FloatStride" : "next");
                        }
                    }
                }
            },
            FormattableString.Invariant($"Binary convolution {kernel[2]} x {kernel[3]}, {inputs * conv.Groups} -> {kernel[0]} channels in {conv.Groups} groups: {inputs} signs of a pixel are a code,"),
            FormattableString.Invariant($"what a tap adds is looked up for {file.Bytes} pixels at once. {EpilogueEmitter.Describe(step.Epilogue)}."));
    }

    private const int TableBytes = 16;

    // Sums of the outputs of one lookup at the widest vector.
    private const int SumBytes = MostOutputs * 512;

    private static (int Y, int X) Reach(BinaryConv2d conv)
    {
        Window w = conv.Window;
        return (
            Math.Max(w.PadTop, ((conv.Weight.Shape[2] - 1) * w.DilationY) - w.PadTop),
            Math.Max(w.PadLeft, ((conv.Weight.Shape[3] - 1) * w.DilationX) - w.PadLeft));
    }

    private static string EmitEncode(KernelFile file, int channels) => file.Method(
        FormattableString.Invariant($"EncodeSignsOf{channels}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(byte* signs, nint planeBytes, byte* image, int first, int end, int vectors, byte* codes)",
        writer =>
        {
            PlaneBytesEmitter.EmitMasks(writer, file.Width);
            using (writer.Block("for (int vector = first; vector < end; vector++, codes += BlockPixels)"))
            {
                using (writer.Block("if (vector < 0 || vector >= vectors)"))
                    writer.Line("new Span<byte>(codes, BlockPixels).Fill(SignCodes.Outside);\ncontinue;");
                writer.Line();
                writer.Line("nint at = vector * Lanes.Bytes;");
                writer.Line("Bits outside = Lanes.DealGroups(~Load(image + at));");
                for (int c = 0; c < channels; c++)
                    writer.Line(FormattableString.Invariant($"Bits sign{c} = Lanes.DealGroups(Load(signs + ({c} * planeBytes) + at));"));
                string?[] planes = [.. Enumerable.Range(0, 7).Select(c => c < channels ? FormattableString.Invariant($"sign{c}") : null), "outside"];
                string[] bytes = PlaneBytesEmitter.Emit(writer, file.Width, "p", planes);
                for (int i = 0; i < 8; i++) writer.Line(FormattableString.Invariant($"{bytes[i]}.Store(codes + ({i} * Lanes.Bytes));"));
            }
        },
        FormattableString.Invariant($"Codes of vectors of pixels: bit c is the sign of channel c, bit 7 is 1 outside the image."));

    private static string EmitLookUp(KernelFile file, BinaryConv2d conv, SumForm form, int outputs)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int start = form.Kind == SumKind.Counts ? form.Taps / 2 : 0, window = kernel[2] * kernel[3];
        return file.Method(
            FormattableString.Invariant($"LookUpSums{kernel[2]}x{kernel[3]}Of{kernel[1]}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(byte* codes, nint pitch, byte* tables, byte* sums)",
            writer =>
            {
                using (writer.Block("for (int pixel = 0; pixel < BlockPixels; pixel += 2 * Lanes.Bytes, codes += 2 * Lanes.Bytes, sums += 2 * Lanes.Bytes)"))
                {
                    writer.Line(FormattableString.Invariant($"Octets {string.Join(", ", Enumerable.Range(0, outputs).Select(o => FormattableString.Invariant($"a{o} = Vec.Create((byte){start}), b{o} = a{o}")))};"));
                    writer.Line(FormattableString.Invariant($"byte* row = codes - ({conv.Window.PadTop} * pitch), table = tables;"));
                    using (writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernel[2]}; y++, row += {conv.Window.DilationY} * pitch, table += {kernel[3] * TableBytes})")))
                        for (int x = 0; x < kernel[3]; x++) EmitTap(writer, x, (x * conv.Window.DilationX) - conv.Window.PadLeft, window, outputs);
                    for (int o = 0; o < outputs; o++)
                        writer.Line(FormattableString.Invariant($"a{o}.Store(sums + ({o} * BlockPixels));\nb{o}.Store(sums + ({o} * BlockPixels) + Lanes.Bytes);"));
                }
            },
            FormattableString.Invariant($"{(start == 0 ? "Sums" : "Agreements")} of {outputs} outputs; two vectors of pixels share the load of a table."));
    }

    private static void EmitTap(CodeWriter writer, int x, int dx, int window, int outputs)
    {
        string at = dx == 0 ? "row" : FormattableString.Invariant($"row {(dx < 0 ? '-' : '+')} {Math.Abs(dx)}");
        writer.Line(FormattableString.Invariant($"Octets code{x}a = Vec.Load({at}), code{x}b = Vec.Load({at} + Lanes.Bytes);"));
        for (int o = 0; o < outputs; o++)
        {
            string table = FormattableString.Invariant($"table{x}_{o}");
            writer.Line(FormattableString.Invariant($"Octets {table} = Lanes.LoadTable(table + {((o * window) + x) * TableBytes});"));
            writer.Line(FormattableString.Invariant($"a{o} += Lanes.Lookup({table}, code{x}a);\nb{o} += Lanes.Lookup({table}, code{x}b);"));
        }
    }
}

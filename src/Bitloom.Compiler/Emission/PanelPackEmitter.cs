using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that packs a panel: for every input channel and tap the pixels that the tap meets for a block of output rows, row after
/// row without gaps. Padding comes from the zeros around the planes. Inputs in the caller's memory are packed by the runtime.
/// </summary>
internal static class PanelPackEmitter
{
    /// <summary>The pointers that a kernel packs from.</summary>
    internal static IReadOnlyList<string> Sources(PanelSource source) =>
        source is PackedPanelSource { Inputs.Inputs: var inputs } ? [.. inputs.Select((_, i) => FormattableString.Invariant($"input{i}"))] : ["source"];

    /// <summary>
    /// The statements that pack the panel of <c>rows</c> rows from <c>y</c>, of the variable <c>group</c> where there are groups, and of
    /// <c>inputs</c> channels from <c>first</c> on where there are slices.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="writer">Where to write.</param>
    /// <param name="source">What is packed.</param>
    /// <param name="columns">Columns of short rows, which need no loop; else null.</param>
    internal static void EmitPacking(KernelFile file, CodeWriter writer, PanelSource source, int? columns)
    {
        Conv2d conv = source.Operator;
        EquatableArray<int> kernel = conv.Weight.Shape;
        if (source is PackedPanelSource { Inputs: var packed })
        {
            int channel = 0;
            for (int i = 0; i < packed.Inputs.Count; channel += packed.Inputs[i++].Channels)
                writer.Line(FormattableString.Invariant($"InputKernels.Pack(input{i}, from, {packed.Inputs[i].Channels}, y, rows, width, reflects: {(packed.Pad == PadMode.Reflect ? "true" : "false")}, panel{(channel > 0 ? FormattableString.Invariant($" + ({channel} * stride)") : "")}, stride);"));
            return;
        }

        string first = conv.Groups > 1 ? FormattableString.Invariant($" + ((nint)group * {kernel[1]} * from.FloatStride)") : source.HasSlices ? " + (first * from.FloatStride)" : "";
        writer.Line(FormattableString.Invariant($"float* window = source + (((nint)y * {conv.Window.StrideY} - {conv.Window.PadTop}) * from.Pitch) - {conv.Window.PadLeft}{first};"));
        writer.Line(FormattableString.Invariant($"{EmitMethod(file, kernel, conv.Window, columns)}(window, from, {(source.HasSlices ? "inputs" : Literal.Integer(kernel[1]))}, rows, width, panel, stride);"));
    }

    private static string EmitMethod(KernelFile file, EquatableArray<int> kernel, Window window, int? columns)
    {
        if (window.StrideX > 2) columns = null;
        string size = FormattableString.Invariant($"{kernel[2]}x{kernel[3]}"), stride = window.StrideX > 1 ? FormattableString.Invariant($"Every{window.StrideX}") : "";
        return file.Method(
            FormattableString.Invariant($"Pack{size}{stride}{(columns is null ? "" : FormattableString.Invariant($"Of{columns}"))}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* window, PlaneGeometry from, int channels, int rows, int width, float* panel, nint stride)",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"nint planeStride = from.FloatStride, pitch = from.Pitch, rowStride = {window.StrideY} * pitch;"));
                using (writer.Block("for (int channel = 0; channel < channels; channel++, window += planeStride)"))
                using (kernel[2] > 1 ? writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernel[2]}; y++)")) : (IDisposable?)null)
                using (kernel[3] > 1 ? writer.Block(FormattableString.Invariant($"for (int x = 0; x < {kernel[3]}; x++)")) : (IDisposable?)null)
                {
                    string tap = (kernel[2] > 1 ? FormattableString.Invariant($" + (y * {window.DilationY} * pitch)") : "") + (kernel[3] > 1 ? FormattableString.Invariant($" + (x * {window.DilationX})") : "");
                    writer.Line($"float* read = window{tap}, write = panel;");
                    using (writer.Block("for (int row = 0; row < rows; row++, read += rowStride, write += width)"))
                    {
                        if (columns is { } few) EmitShortRow(writer, window.StrideX, few, file.Floats);
                        else EmitRow(writer, window.StrideX);
                    }

                    writer.Line("panel += stride;");
                }
            },
            "The pixels under each tap of each channel, without gaps; a row's last vector is overwritten by the next row.");
    }

    // Whole vectors, then the smallest that has the rest.
    private static void EmitShortRow(CodeWriter writer, int stride, int columns, int lanes)
    {
        for (int at = 0; at < columns; at += lanes)
        {
            int bits = 32 * lanes;
            while (stride == 1 && bits > 128 && columns - at <= bits / 64) bits /= 2;
            string vector = bits == 32 * lanes ? "Vec" : FormattableString.Invariant($"Vector{bits}"), offset = at == 0 ? "" : FormattableString.Invariant($" + {at}");
            writer.Line(stride == 1
                ? $"{vector}.Load(read{offset}).Store(write{offset});"
                : FormattableString.Invariant($"Lanes.Even(Vec.Load(read + {2 * at}), Vec.Load(read + {(2 * at) + lanes})).Store(write{offset});"));
        }
    }

    private static void EmitRow(CodeWriter writer, int stride)
    {
        if (stride > 2)
        {
            writer.Line(FormattableString.Invariant($"for (int at = 0; at < width; at++) write[at] = read[(nint)at * {stride}];"));
            return;
        }

        writer.Line("for (int at = 0; at < width; at += Lanes.Floats)");
        writer.Line(stride == 1
            ? "    Vec.Load(read + at).Store(write + at);"
            : "    Lanes.Even(Vec.Load(read + (2 * at)), Vec.Load(read + (2 * at) + Lanes.Floats)).Store(write + at);");
    }
}

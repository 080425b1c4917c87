using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that packs a panel: for every input channel and tap the pixels that the tap meets for a block of output rows, row after
/// row without gaps. Padding comes from the zeros around the planes.
/// </summary>
internal static class PanelPackEmitter
{
    /// <summary>Writes the method; returns its name.</summary>
    internal static string Emit(KernelFile file, EquatableArray<int> kernel, Window window)
    {
        string size = FormattableString.Invariant($"{kernel[2]}x{kernel[3]}"), stride = window.StrideX > 1 ? FormattableString.Invariant($"Every{window.StrideX}") : "";
        return file.Method(
            FormattableString.Invariant($"Pack{size}{stride}"),
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
                    using (writer.Block("for (int row = 0; row < rows; row++, read += rowStride, write += width)")) EmitRow(writer, window.StrideX);
                    writer.Line("panel += stride;");
                }
            },
            "The pixels under each tap of each channel, without gaps; a row's last vector is overwritten by the next row.");
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

using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes what reads the signs under a window for one vector of pixels. A sign at (dy, dx) is the plane read dy rows away, shifted by dx bits.
/// </summary>
internal static class SignGatherEmitter
{
    /// <summary>Writes the method that gathers the signs under a window, one vector each and a vector of zeros behind them; returns its name.</summary>
    internal static string Emit(KernelFile file, int channels, int kernelHeight, int kernelWidth, Window window) => file.Method(
        FormattableString.Invariant($"GatherSigns{kernelHeight}x{kernelWidth}Of{channels}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(byte* signs, nint planeBytes, nint rowBytes, byte* taps)",
        writer =>
        {
            EmitLoop(writer, channels, kernelHeight, kernelWidth, window, "taps");
            writer.Line("Bits.Zero.Store((ulong*)taps);");
        },
        FormattableString.Invariant($"The {channels * kernelHeight * kernelWidth} signs under the window, one vector each, and a vector of zeros."));

    /// <summary>Writes the loop that stores the signs one after the other at a pointer, which it moves on.</summary>
    internal static void EmitLoop(CodeWriter writer, int channels, int kernelHeight, int kernelWidth, Window window, string target)
    {
        using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {channels}; channel++, signs += planeBytes)")))
        {
            if (kernelHeight * kernelWidth == 1)
            {
                writer.Line($"Load(signs).Store((ulong*){target});\n{target} += Lanes.Bytes;");
                return;
            }

            writer.Line(FormattableString.Invariant($"byte* row = signs - ({window.PadTop} * rowBytes);"));
            using (writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernelHeight}; y++, row += {window.DilationY} * rowBytes, {target} += {kernelWidth} * Lanes.Bytes)")))
                for (int x = 0; x < kernelWidth; x++)
                    writer.Line(FormattableString.Invariant($"{Parenthesised(Tap("row", (x * window.DilationX) - window.PadLeft))}.Store((ulong*)({target} + ({x} * Lanes.Bytes)));"));
        }
    }

    /// <summary>The plane read <paramref name="dx"/> pixels further right: a shift within 64-bit lanes, completed from the neighbouring words.</summary>
    internal static string Tap(string row, int dx)
    {
        int word = dx >= 0 ? dx / 64 : -((63 - dx) / 64), shift = dx - (64 * word);
        string at = word == 0 ? row : FormattableString.Invariant($"{row} {(word < 0 ? '-' : '+')} {8 * Math.Abs(word)}");
        if (shift == 0) return $"Load({at})";
        string next = word == -1 ? row : FormattableString.Invariant($"{row} {(word + 1 < 0 ? '-' : '+')} {8 * Math.Abs(word + 1)}");
        return FormattableString.Invariant($"(Load({at}) >>> {shift}) | (Load({next}) << {64 - shift})");
    }

    private static string Parenthesised(string expression) => expression.StartsWith("(", StringComparison.Ordinal) ? $"({expression})" : expression;
}

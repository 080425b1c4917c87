using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes a row kernel of the runtime together with the signs of what it makes: channel by channel, so that the signs are taken of rows
/// that are still in cache.
/// </summary>
internal static class RowSignEmitter
{
    /// <summary>Writes the method; returns its name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="step">The step.</param>
    /// <param name="signs">Its signs.</param>
    /// <param name="parameters">C# of the row kernel's arguments between the number of channels and the rows.</param>
    internal static string Emit(KernelFile file, RowStep step, RowSigns signs, string parameters)
    {
        string kernel = step.Call.Method[(step.Call.Method.IndexOf('.') + 1)..];
        string targets = string.Concat(Enumerable.Range(0, signs.Stores.Count).Select(i => FormattableString.Invariant($", byte* signs{i}")));
        string steps = string.Concat(Enumerable.Range(0, signs.Stores.Count).Select(i => FormattableString.Invariant($", signs{i} += to.BitStride")));
        string constants = signs.Constants.Count > 0 ? FormattableString.Invariant($", constants += {signs.Constants.Count}") : "";
        return file.Method(
            kernel + "WithSigns",
            name => $"private static void {name}(float* constants, float* source, PlaneGeometry from, float* target, PlaneGeometry to{targets}, byte* scratch, int first, int end)",
            writer =>
            {
                using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {step.Channels}; channel++, source += from.FloatStride, target += to.FloatStride{steps}{constants})")))
                {
                    writer.Line($"{step.Call.Method}(source, from, target, to, 1, {parameters}first, end);");
                    for (int i = 0; i < signs.Stores.Count; i++)
                    {
                        string threshold = signs.Stores[i].Threshold is { } t ? FormattableString.Invariant($"constants[{t}]") : "0";
                        string flips = signs.Stores[i].Direction is { } d ? FormattableString.Invariant($"constants[{d}] < 0") : "false";
                        writer.Line(FormattableString.Invariant($"SignKernels.PackRows(target, to, {threshold}, {flips}, signs{i}, first, end);"));
                    }
                }
            },
            FormattableString.Invariant($"{char.ToUpperInvariant(step.Call.Title[0])}{step.Call.Title[1..]}, {step.Channels} channels, and its signs, channel by channel."));
    }
}

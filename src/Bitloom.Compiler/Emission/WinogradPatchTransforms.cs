namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the second halves of the transforms of Winograd's F(4 x 4, 3 x 3), along rows. Of the input, lanes are neighbouring patches: the
/// lines of combined rows lie apart by phase, the column modulo 4, so that column k of all patches is one run. Of the output, lanes are
/// output channels.
/// </summary>
internal static class WinogradPatchTransforms
{
    /// <summary>Writes the method that combines the columns of one channel's patches; returns its name.</summary>
    internal static string EmitCombineColumns(KernelFile file) => file.Method(
        "CombineColumns",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* phases, nint phaseStride, nint line, float* notFirst, float* notLast, int patches, float* combined, nint matrix)",
        writer =>
        {
            writer.Line(WinogradRowsEmitter.CombineConstants);
            using (writer.Block("for (int row = 0; row < 6; row++, phases += line, combined += 6 * matrix)"))
            using (writer.Block("for (int patch = 0; patch < patches; patch += Lanes.Floats)"))
            {
                writer.Line("float* read = phases + patch, write = combined + patch;");
                writer.Line("Floats d0 = Vec.Load(read + (3 * phaseStride) - 1) & Vec.Load(notFirst + patch), d1 = Vec.Load(read), d2 = Vec.Load(read + phaseStride);");
                writer.Line("Floats d3 = Vec.Load(read + (2 * phaseStride)), d4 = Vec.Load(read + (3 * phaseStride)), d5 = Vec.Load(read + 1) & Vec.Load(notLast + patch);");
                foreach (string line in WinogradRowsEmitter.Combine(part => part switch { 0 => "write", 1 => "write + matrix", _ => FormattableString.Invariant($"write + ({part} * matrix)") })) writer.Line(line);
            }
        },
        "Six combinations of the six columns of each patch, for each of six combined rows. Column -1 of a patch is the last of the patch before.");

    /// <summary>Writes the method that makes pixels of a vector of outputs from 36 products a patch; returns its name.</summary>
    internal static string EmitSpreadPatches(KernelFile file) => file.Method(
        "SpreadPatches",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* products, nint matrix, nint channels, int strips, int stripPatches, float* lanes)",
        writer =>
        {
            writer.Line(WinogradRowsEmitter.SpreadConstants);
            writer.Line("nint pitch = 4 * stripPatches * Lanes.Floats;");
            using (writer.Block("for (int strip = 0; strip < strips; strip++, lanes += 4 * pitch)"))
            using (writer.Block("for (int patch = 0; patch < stripPatches; patch++, products += channels)"))
            {
                writer.Line("float* write = lanes + (patch * 4 * Lanes.Floats);");
                for (int column = 0; column < 6; column++)
                {
                    writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, 4).Select(row => Value(row, column)))};");
                    using (writer.Block())
                    {
                        EmitLoads(writer, product => FormattableString.Invariant($"Vec.Load(products + ({(6 * product) + column} * matrix))"));
                        foreach (string line in WinogradRowsEmitter.Spread((row, value) => $"{Value(row, column)} = {value};")) writer.Line(line);
                    }
                }

                for (int row = 0; row < 4; row++)
                    using (writer.Block())
                    {
                        EmitLoads(writer, column => Value(row, column));
                        foreach (string line in WinogradRowsEmitter.Spread((x, value) => WinogradRowsEmitter.Store(value, FormattableString.Invariant($"write + ({row} * pitch) + ({x} * Lanes.Floats)")))) writer.Line(line);
                    }
            }
        },
        "The 16 pixels of each patch for a vector of outputs, in the order of the image's rows.");

    private static void EmitLoads(CodeWriter writer, Func<int, string> value) =>
        writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, 6).Select(i => FormattableString.Invariant($"m{i} = {value(i)}")))};");

    private static string Value(int row, int column) => FormattableString.Invariant($"y{row}{column}");
}

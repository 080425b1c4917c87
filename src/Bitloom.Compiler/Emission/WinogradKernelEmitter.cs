namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the transform of 3 x 3 kernels for Winograd's F(4 x 4, 3 x 3), G g G^T of Lavin and Gray, as the runtime's <c>ConvWeights</c>
/// makes it, but in single precision: along columns, then along rows. Lanes are output channels.
/// </summary>
internal static class WinogradKernelEmitter
{
    private const double Near = WinogradRowsEmitter.Near, Far = WinogradRowsEmitter.Far, Difference = (Near * Near) - (Far * Far);

    /// <summary>Values from one matrix to the next, for slices of so many inputs: the extra 16 keep equal places of the 36 out of the same cache set.</summary>
    internal static int Matrix(int inputs, int outputs) => (inputs * outputs) + 16;

    /// <summary>Writes the method for tiles of so many vectors of output channels, in slices of at most so many inputs; returns its name.</summary>
    internal static string Emit(KernelFile file, int vectors, int inputs)
    {
        int channels = vectors * file.Floats;
        return file.Method(
            FormattableString.Invariant($"CombineKernels{channels}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* kernel, int inputs, float* combined)",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"const int matrix = {Matrix(inputs, channels)};"));
                writer.Line($"Floats near2 = {Vector(Near * Near)}, far2 = {Vector(Far * Far)}, zero = {Vector(1 / (Near * Near * Far * Far))};");
                writer.Line($"Floats nearEven = {Vector(1 / (2 * Near * Near * Difference))}, nearOdd = {Vector(1 / (2 * Near * Difference))}, farEven = {Vector(-1 / (2 * Far * Far * Difference))}, farOdd = {Vector(-1 / (2 * Far * Difference))};");
                using (writer.Block(FormattableString.Invariant($"for (int input = 0; input < inputs; input++, kernel += {8 * channels})")))
                using (writer.Block(FormattableString.Invariant($"for (int vector = 0; vector < {vectors}; vector++, kernel += Lanes.Floats, combined += Lanes.Floats)")))
                {
                    for (int column = 0; column < 3; column++)
                    {
                        writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, 6).Select(part => Value(part, column)))};");
                        EmitCombine(writer, tap => FormattableString.Invariant($"Vec.Load(kernel + ({((3 * tap) + column) * channels}))"), (part, value) => $"{Value(part, column)} = {value};");
                    }

                    for (int row = 0; row < 6; row++)
                        EmitCombine(writer, tap => Value(row, tap), (part, value) => WinogradRowsEmitter.Store(value, FormattableString.Invariant($"combined + ({(6 * row) + part} * matrix)")));
                }
            },
            "The 36 combinations of the weights of each kernel, as matrices of input channels x output channels.");
    }

    private static void EmitCombine(CodeWriter writer, Func<int, string> tap, Func<int, string, string> store)
    {
        using (writer.Block())
        {
            writer.Line($"Floats top = {tap(0)}, middle = {tap(1)}, bottom = {tap(2)};");
            writer.Line("Floats nearSum = Lanes.MultiplyAdd(bottom, near2, top) * nearEven, nearDifference = middle * nearOdd;");
            writer.Line("Floats farSum = Lanes.MultiplyAdd(bottom, far2, top) * farEven, farDifference = middle * farOdd;");
            writer.Line(store(0, "top * zero"));
            writer.Line(store(1, "nearSum + nearDifference"));
            writer.Line(store(2, "nearSum - nearDifference"));
            writer.Line(store(3, "farSum + farDifference"));
            writer.Line(store(4, "farSum - farDifference"));
            writer.Line(store(5, "bottom"));
        }
    }

    private static string Vector(double value) => $"Vec.Create({Literal.Float((float)value)})";

    private static string Value(int part, int column) => FormattableString.Invariant($"g{part}{column}");
}

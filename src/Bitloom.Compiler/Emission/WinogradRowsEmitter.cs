namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the transforms of Winograd's F(4, 3) along columns, whose lanes are neighbouring pixels: six combinations of six rows, and four
/// rows of six products (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016, section 4). The points of the
/// interpolation are 0, 5/8 and 3/2 with both signs, and infinity: rounding errors are a third of those with the usual 0, 1 and 2, hardly
/// larger than those of direct sums, and all factors are exact. The runtime's <c>ConvWeights</c> has the same points.
/// </summary>
internal static class WinogradRowsEmitter
{
    internal const double Near = 0.625, Far = 1.5;

    /// <summary>The constants that <see cref="Combine"/> names.</summary>
    internal static string CombineConstants { get; } = Constants(
        ("near", Near), ("minusNear", -Near), ("far", Far), ("minusFar", -Far), ("minusNear2", -Near * Near), ("minusFar2", -Far * Far),
        ("product", Near * Near * Far * Far), ("minusSum", -((Near * Near) + (Far * Far))));

    /// <summary>The constants that <see cref="Spread"/> names.</summary>
    internal static string SpreadConstants { get; } = Constants(
        ("near", Near), ("near2", Near * Near), ("near3", Near * Near * Near), ("far", Far), ("far2", Far * Far), ("far3", Far * Far * Far));

    /// <summary>v = B^T d: statements that store the combinations of the variables d0 to d5 where <paramref name="target"/> says.</summary>
    internal static IEnumerable<string> Combine(Func<int, string> target) =>
    [
        "Floats evenNear = Lanes.MultiplyAdd(d2, minusFar2, d4), oddNear = Lanes.MultiplyAdd(d1, minusFar2, d3);",
        "Floats evenFar = Lanes.MultiplyAdd(d2, minusNear2, d4), oddFar = Lanes.MultiplyAdd(d1, minusNear2, d3);",
        $"Lanes.MultiplyAdd(d0, product, Lanes.MultiplyAdd(d2, minusSum, d4)).Store({target(0)});",
        $"Lanes.MultiplyAdd(oddNear, near, evenNear).Store({target(1)});",
        $"Lanes.MultiplyAdd(oddNear, minusNear, evenNear).Store({target(2)});",
        $"Lanes.MultiplyAdd(oddFar, far, evenFar).Store({target(3)});",
        $"Lanes.MultiplyAdd(oddFar, minusFar, evenFar).Store({target(4)});",
        $"Lanes.MultiplyAdd(d1, product, Lanes.MultiplyAdd(d3, minusSum, d5)).Store({target(5)});",
    ];

    /// <summary>y = A^T m: statements that hand four results of the variables m0 to m5 to <paramref name="result"/>.</summary>
    internal static IEnumerable<string> Spread(Func<int, string, string> result) =>
    [
        "Floats nearSum = m1 + m2, nearDifference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4;",
        result(0, "m0 + nearSum + farSum"),
        result(1, "Lanes.MultiplyAdd(farDifference, far, nearDifference * near)"),
        result(2, "Lanes.MultiplyAdd(farSum, far2, nearSum * near2)"),
        result(3, "Lanes.MultiplyAdd(farDifference, far3, Lanes.MultiplyAdd(nearDifference, near3, m5))"),
    ];

    /// <summary>C# that stores one of the results of <see cref="Spread"/>.</summary>
    internal static string Store(string result, string target) => result.StartsWith("Lanes.", StringComparison.Ordinal) ? $"{result}.Store({target});" : $"({result}).Store({target});";

    private static string Constants(params (string Name, double Value)[] constants) =>
        $"Floats {string.Join(", ", constants.Select(c => $"{c.Name} = Vec.Create({Literal.Float((float)c.Value)})"))};";

    /// <summary>Writes the method that combines six rows of one channel and fetches those of the next run, which lies so many pixels on; returns its name.</summary>
    internal static string EmitCombine(KernelFile file, int? nextRun = null)
    {
        string rowOf = EmitRowOf(file);
        return file.Method(
            "CombineRows",
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* column, nint pitch, int height, int row, int offset, float* zeros, float* combined, nint stride, int pixels, int length)",
            writer =>
            {
                writer.Line(CombineConstants);
                for (int i = 0; i < 6; i++) writer.Line(FormattableString.Invariant($"float* row{i} = {rowOf}(column, pitch, height, row + {i}, offset, zeros);"));
                using (writer.Block("for (int x = 0; x < pixels; x += Lanes.Floats)"))
                {
                    writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, 6).Select(i => FormattableString.Invariant($"d{i} = Vec.Load(row{i} + x)")))};");
                    foreach (string line in Combine(Target)) writer.Line(line);

                    if (nextRun is { } ahead) EmitPrefetch(writer, ahead);
                }

                writer.Line();
                writer.Line("// The columns between this strip and the next, padding of both.");
                writer.Line("for (int x = pixels; x < length; x++)");
                writer.Line("    for (int part = 0; part < 6; part++) combined[(part * stride) + x] = 0;");
            },
            "Six combinations of six rows of one channel, for one piece of a strip.");

        static string Target(int part) => part switch { 0 => "combined + x", 1 => "combined + stride + x", _ => FormattableString.Invariant($"combined + ({part} * stride) + x") };
    }

    // The strip above has fetched the first two rows.
    private static void EmitPrefetch(CodeWriter writer, int ahead)
    {
        using (writer.Block("if (x % 16 == 0)"))
            for (int i = 2; i < 6; i++) writer.Line(FormattableString.Invariant($"Lanes.Prefetch(row{i} + {ahead} + x);"));
    }

    /// <summary>Writes the method that makes four rows of <paramref name="run"/> pixels of one output from six products; returns its name.</summary>
    internal static string EmitSpread(KernelFile file, int run) => file.Method(
        "SpreadRows",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* products, nint stride, float* rows)",
        writer =>
        {
            writer.Line(SpreadConstants);
            using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {run}; x += Lanes.Floats)")))
            {
                writer.Line("Floats m0 = Vec.Load(products + x), m1 = Vec.Load(products + stride + x), m2 = Vec.Load(products + (2 * stride) + x);");
                writer.Line("Floats m3 = Vec.Load(products + (3 * stride) + x), m4 = Vec.Load(products + (4 * stride) + x), m5 = Vec.Load(products + (5 * stride) + x);");
                foreach (string line in Spread((row, value) => Store(value, row == 0 ? "rows + x" : FormattableString.Invariant($"rows + {row * run} + x")))) writer.Line(line);
            }
        },
        "Four rows of one output from six products.");

    private static string EmitRowOf(KernelFile file) => file.Method(
        "RowOf",
        name => $"[MethodImpl(MethodImplOptions.AggressiveInlining)]\nprivate static float* {name}(float* column, nint pitch, int height, int row, int offset, float* zeros)",
        writer => writer.Line("return (uint)row < (uint)height && (uint)(row + offset) < (uint)height ? column + ((row + offset) * pitch) : zeros;"),
        "A row of a channel that is read some rows off its place; zeros outside the image.");
}

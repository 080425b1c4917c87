using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes 3 x 3 convolutions by Winograd's F(4, 3) along columns: four output rows come from six combinations of six input rows, each
/// convolved with a 1 x 3 kernel, so that 18 multiplications do the work of 36. Rows stay rows: lanes are neighbouring pixels, and the
/// 1 x 3 convolutions are the tiles of the direct kernel.
/// <code>
/// rows d0..d5  -- combine -->  v0..v5  -- 1 x 3, all channels -->  m0..m5  -- combine -->  rows y0..y3  -- epilogue -->  planes
/// </code>
/// Strips of four rows lie one after the other on a line, with a column of zeros between them, and a run is so many pixels of the line: a
/// narrow image fills runs as well as a wide one. Rows outside the image are zeros in scratch memory. So nothing around an image is read,
/// and a ghost, an intrinsic channel read at an offset, has its own zeros around it although it lies nowhere in memory.
/// </summary>
internal static class WinogradEmitter
{
    /// <summary>Pixels of the line that are made at a time.</summary>
    private const int Run = 64;

    /// <summary>Floats from one channel's combined row to the next: the run, a pixel on both sides, and what the last vector of a piece writes beyond.</summary>
    private const int RowFloats = Run + 32;

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, WinogradSource source)
    {
        EquatableArray<int> shape = source.Operator.Weight.Shape;
        int outputs = shape[0], inputs = shape[1], blocks = (outputs + ConvTileEmitter.TileOutputs - 1) / ConvTileEmitter.TileOutputs;
        int small = outputs / blocks, larger = outputs % blocks;
        bool hasGhosts = source.Operator.Ghosts is not null;
        EquatableArray<int> row = [outputs, inputs, 1, 3];
        string? largeTile = larger > 0 ? ConvTileEmitter.Emit(file, row, new Window(), small + 1, Run) : null;
        string smallTile = ConvTileEmitter.Emit(file, row, new Window(), small, Run);
        string combine = EmitCombineRows(file), spread = EmitSpreadRows(file), finish = StripFinishEmitter.EmitMethod(file, step.Epilogue, Run), prefetch = StripFinishEmitter.EmitPrefetchMethod(file, step.Epilogue, Run);
        long combined = 6L * inputs * RowFloats, products = 6L * ConvTileEmitter.TileOutputs * Run, phases = step.Epilogue.Shuffle is { } s ? s.Factor * s.Factor : 0;
        file.NeedScratch((combined + products + (4 * Run * (1 + phases)) + RowFloats + 16) * sizeof(float));
        string[] parameters = ["float* weights", "float* constants", "float* source", .. hasGhosts ? new[] { "ReadOnlySpan<short> ghosts" } : []];
        return file.Method(
            FormattableString.Invariant($"Winograd3x3Of{inputs}To{outputs}{(hasGhosts ? "WithGhosts" : "")}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, parameters))})",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"float* combined = (float*)scratch, products = combined + {combined}, rows = products + {products}, zeros = rows + {4 * Run}, rest = zeros + {RowFloats};"));
                if (phases > 0) writer.Line("float* shuffled = rest + 16;");
                writer.Line(FormattableString.Invariant($"new Span<float>(zeros, {RowFloats}).Clear();"));
                using (writer.Block("for (int run = first; run < end; run++)"))
                {
                    writer.Line(FormattableString.Invariant($"int start = run * {Run};"));
                    EmitCombineChannels(writer, combine, inputs, hasGhosts);
                    writer.Line("float* weight = weights;\nint channel = 0;");
                    if (largeTile is not null) EmitBlocks(writer, step, (largeTile, spread, finish, prefetch), larger, small + 1, inputs);
                    EmitBlocks(writer, step, (smallTile, spread, finish, prefetch), blocks - larger, small, inputs);
                }
            },
            FormattableString.Invariant($"fp32 convolution 3 x 3, {inputs} -> {outputs} channels, by Winograd's F(4, 3) along columns: 18 multiplications for 36. {EpilogueEmitter.Describe(step.Epilogue)}."));
    }

    /// <summary>Writes the table of shifted channels; returns its name.</summary>
    internal static string EmitGhosts(KernelFile file, ShiftedChannels ghosts) => file.Names.NameOf(
        "Ghosts",
        name => $"/// <summary>Where each input channel lies: its channel, and the rows and columns by which it is read off its place.</summary>\nprivate static ReadOnlySpan<short> {name} => {GhostTable.Of(ghosts)};");

    private static void EmitCombineChannels(CodeWriter writer, string combine, int inputs, bool hasGhosts)
    {
        using (writer.Block(FormattableString.Invariant($"for (int at = 0; at < {Run + 2};)")))
        {
            writer.Line(FormattableString.Invariant($"StripPiece piece = StripPiece.At(geometry, start - 1 + at, {Run + 2} - at);"));
            using (writer.Block(FormattableString.Invariant($"for (int input = 0; input < {inputs}; input++)")))
            {
                writer.Line(hasGhosts
                    ? "float* column = source + ((long)ghosts[3 * input] * geometry.FloatStride) + piece.Column + ghosts[(3 * input) + 2];"
                    : "float* column = source + ((long)input * geometry.FloatStride) + piece.Column;");
                writer.Line(FormattableString.Invariant($"{combine}(column, geometry.Pitch, geometry.Height, piece.Row - 1, {(hasGhosts ? "ghosts[(3 * input) + 1]" : "0")}, zeros, combined + (input * {RowFloats}) + at, {inputs * RowFloats}, piece.Pixels, piece.Length);"));
            }

            writer.Line("at += piece.Length;");
        }
    }

    private static void EmitBlocks(CodeWriter writer, FlatStep step, (string Tile, string Spread, string Finish, string Prefetch) methods, int blocks, int outputs, int inputs)
    {
        using (writer.Block(FormattableString.Invariant($"for (int block = 0; block < {blocks}; block++)")))
        {
            StripFinishEmitter.EmitPrefetch(writer, step, methods.Prefetch, outputs, Run);
            using (writer.Block(FormattableString.Invariant($"for (int product = 0; product < 6; product++, weight += {outputs * inputs * 3})")))
                writer.Line(FormattableString.Invariant($"{methods.Tile}(combined + (product * {inputs * RowFloats}), {RowFloats}, 0, weight, products + (product * {outputs * Run}));"));
            using (writer.Block(FormattableString.Invariant($"for (int output = 0; output < {outputs}; output++, channel++)")))
            {
                writer.Line(FormattableString.Invariant($"{methods.Spread}(products + (output * {Run}), {outputs * Run}, rows);"));
                StripFinishEmitter.EmitCalls(writer, step, methods.Finish, Run);
            }
        }
    }

    // v = B^T d of Lavin and Gray, equation 10, for F(4, 3).
    private static string EmitCombineRows(KernelFile file)
    {
        string rowOf = EmitRowOf(file);
        return file.Method(
            "CombineRows",
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* column, nint pitch, int height, int row, int offset, float* zeros, float* combined, nint stride, int pixels, int length)",
            writer =>
            {
                writer.Line("Floats two = Vec.Create(2f), four = Vec.Create(4f), five = Vec.Create(5f);");
                for (int i = 0; i < 6; i++) writer.Line(FormattableString.Invariant($"float* row{i} = {rowOf}(column, pitch, height, row + {i}, offset, zeros);"));
                using (writer.Block("for (int x = 0; x < pixels; x += Lanes.Floats)"))
                {
                    writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, 6).Select(i => FormattableString.Invariant($"d{i} = Vec.Load(row{i} + x)")))};");
                    writer.Line("Floats even = d4 - (four * d2), odd = d3 - (four * d1), near = d4 - d2, far = two * (d3 - d1);");
                    writer.Line("(d4 + (four * d0) - (five * d2)).Store(combined + x);");
                    writer.Line("(even + odd).Store(combined + stride + x);");
                    writer.Line("(even - odd).Store(combined + (2 * stride) + x);");
                    writer.Line("(near + far).Store(combined + (3 * stride) + x);");
                    writer.Line("(near - far).Store(combined + (4 * stride) + x);");
                    writer.Line("(d5 + (four * d1) - (five * d3)).Store(combined + (5 * stride) + x);");

                    // What the next run reads; the strip above has fetched the first two rows.
                    using (writer.Block("if (x % 16 == 0)"))
                        for (int i = 2; i < 6; i++) writer.Line(FormattableString.Invariant($"Lanes.Prefetch(row{i} + {Run} + x);"));
                }

                writer.Line();
                writer.Line("// The column between two strips, padding of both.");
                writer.Line("if (length > pixels)");
                writer.Line("    for (int part = 0; part < 6; part++) combined[(part * stride) + pixels] = 0;");
            },
            "Six combinations of six rows of one channel, for one piece of a run.");
    }

    private static string EmitRowOf(KernelFile file) => file.Method(
        "RowOf",
        name => $"[MethodImpl(MethodImplOptions.AggressiveInlining)]\nprivate static float* {name}(float* column, nint pitch, int height, int row, int offset, float* zeros)",
        writer => writer.Line("return (uint)row < (uint)height && (uint)(row + offset) < (uint)height ? column + ((row + offset) * pitch) : zeros;"),
        "A row of a channel that is read some rows off its place; zeros outside the image.");

    // y = A^T m.
    private static string EmitSpreadRows(KernelFile file) => file.Method(
        "SpreadRows",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* products, nint stride, float* rows)",
        writer =>
        {
            writer.Line("Floats two = Vec.Create(2f), four = Vec.Create(4f), eight = Vec.Create(8f);");
            using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {Run}; x += Lanes.Floats)")))
            {
                writer.Line("Floats m0 = Vec.Load(products + x), m1 = Vec.Load(products + stride + x), m2 = Vec.Load(products + (2 * stride) + x);");
                writer.Line("Floats m3 = Vec.Load(products + (3 * stride) + x), m4 = Vec.Load(products + (4 * stride) + x), m5 = Vec.Load(products + (5 * stride) + x);");
                writer.Line("Floats nearSum = m1 + m2, nearDifference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4;");
                writer.Line("(m0 + nearSum + farSum).Store(rows + x);");
                writer.Line(FormattableString.Invariant($"(nearDifference + (two * farDifference)).Store(rows + {Run} + x);"));
                writer.Line(FormattableString.Invariant($"(nearSum + (four * farSum)).Store(rows + {2 * Run} + x);"));
                writer.Line(FormattableString.Invariant($"(nearDifference + (eight * farDifference) + m5).Store(rows + {3 * Run} + x);"));
            }
        },
        "Four rows of one output from six products.");
}

using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes 3 x 3 convolutions by Winograd's F(4, 3) along columns: four output rows come from six combinations of six input rows, each
/// convolved with a 1 x 3 kernel, so that 18 multiplications do the work of 36. Rows stay rows: lanes are neighbouring pixels, and the
/// 1 x 3 convolutions are the tiles of the direct kernel.
/// <code>
/// rows d0..d5  -- combine -->  v0..v5  -- 1 x 3, all channels -->  m0..m5  -- combine -->  rows y0..y3
/// </code>
/// </summary>
internal static class WinogradEmitter
{
    /// <summary>Pixels of a row that are made at a time.</summary>
    private const int Run = 64;

    /// <summary>Floats from one channel's combined row to the next: the run, a pixel on both sides, and room for whole vectors.</summary>
    private const int RowFloats = Run + 16;

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, WinogradStep step)
    {
        EquatableArray<int> shape = step.Convolution.Weight.Shape;
        int outputs = shape[0], inputs = shape[1], blocks = (outputs + ConvTileEmitter.TileOutputs - 1) / ConvTileEmitter.TileOutputs;
        int small = outputs / blocks, larger = outputs % blocks;
        EquatableArray<int> row = [outputs, inputs, 1, 3];
        string? largeTile = larger > 0 ? ConvTileEmitter.Emit(file, row, new Window(), small + 1, Run) : null;
        string smallTile = ConvTileEmitter.Emit(file, row, new Window(), small, Run);
        string combine = EmitCombineRows(file), spread = EmitStoreRows(file);
        long combined = 6L * inputs * RowFloats, products = 6L * ConvTileEmitter.TileOutputs * Run;
        file.NeedScratch((combined + products + (4 * Run)) * sizeof(float));
        return file.Method(
            FormattableString.Invariant($"Winograd3x3Of{inputs}To{outputs}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* weights, float* source, float* target, PlaneGeometry geometry, byte* scratch, int part, int parts)",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"float* combined = (float*)scratch, products = combined + {combined}, whole = products + {products};"));
                writer.Line("(int first, int end) = Share.Of((geometry.Height + 3) / 4, part, parts);");
                using (writer.Block("for (int y = 4 * first; y < 4 * end; y += 4)"))
                using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < geometry.Width; x += {Run})")))
                {
                    writer.Line("float* rows = source + ((nint)(y - 1) * geometry.Pitch) + x - 1;");
                    using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {inputs}; channel++)")))
                        writer.Line(FormattableString.Invariant($"{combine}(rows + ((nint)channel * geometry.FloatStride), geometry.Pitch, combined + (channel * {RowFloats}), {inputs * RowFloats});"));
                    writer.Line("float* weight = weights, plane = target + ((nint)y * geometry.Pitch) + x;");
                    if (largeTile is not null) EmitBlocks(writer, largeTile, spread, larger, small + 1, inputs);
                    EmitBlocks(writer, smallTile, spread, blocks - larger, small, inputs);
                }
            },
            FormattableString.Invariant($"fp32 convolution 3 x 3, {inputs} -> {outputs} channels, by Winograd's F(4, 3) along columns: 18 multiplications for 36."));
    }

    private static void EmitBlocks(CodeWriter writer, string tile, string spread, int blocks, int outputs, int inputs)
    {
        using (writer.Block(FormattableString.Invariant($"for (int block = 0; block < {blocks}; block++)")))
        {
            using (writer.Block(FormattableString.Invariant($"for (int product = 0; product < 6; product++, weight += {outputs * inputs * 3})")))
                writer.Line(FormattableString.Invariant($"{tile}(combined + (product * {inputs * RowFloats}), {RowFloats}, 0, weight, products + (product * {outputs * Run}));"));
            using (writer.Block(FormattableString.Invariant($"for (int output = 0; output < {outputs}; output++, plane += geometry.FloatStride)")))
                writer.Line(FormattableString.Invariant($"{spread}(products + (output * {Run}), {outputs * Run}, plane, geometry.Pitch, Math.Min(4, geometry.Height - y), Math.Min({Run}, geometry.Width - x), whole);"));
        }
    }

    // v = B^T d of Lavin and Gray, equation 10, for F(4, 3).
    private static string EmitCombineRows(KernelFile file) => file.Method(
        "CombineRows",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* rows, nint pitch, float* combined, nint stride)",
        writer =>
        {
            writer.Line("Floats two = Vec.Create(2f), four = Vec.Create(4f), five = Vec.Create(5f);");
            using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {RowFloats}; x += Lanes.Floats)")))
            {
                writer.Line("Floats d0 = Vec.Load(rows + x), d1 = Vec.Load(rows + pitch + x), d2 = Vec.Load(rows + (2 * pitch) + x);");
                writer.Line("Floats d3 = Vec.Load(rows + (3 * pitch) + x), d4 = Vec.Load(rows + (4 * pitch) + x), d5 = Vec.Load(rows + (5 * pitch) + x);");
                writer.Line("Floats even = d4 - (four * d2), odd = d3 - (four * d1), near = d4 - d2, far = two * (d3 - d1);");
                writer.Line("(d4 + (four * d0) - (five * d2)).Store(combined + x);");
                writer.Line("(even + odd).Store(combined + stride + x);");
                writer.Line("(even - odd).Store(combined + (2 * stride) + x);");
                writer.Line("(near + far).Store(combined + (3 * stride) + x);");
                writer.Line("(near - far).Store(combined + (4 * stride) + x);");
                writer.Line("(d5 + (four * d1) - (five * d3)).Store(combined + (5 * stride) + x);");
            }
        },
        "Six combinations of six rows of one channel, from one pixel left of the run.");

    // y = A^T m.
    private static string EmitStoreRows(KernelFile file) => file.Method(
        "StoreRows",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* products, nint stride, float* target, nint pitch, int rows, int pixels, float* whole)",
        writer =>
        {
            writer.Line("Floats two = Vec.Create(2f), four = Vec.Create(4f), eight = Vec.Create(8f);");
            writer.Line(FormattableString.Invariant($"bool direct = rows == 4 && pixels == {Run};"));
            writer.Line("float* start = direct ? target : whole;");
            writer.Line(FormattableString.Invariant($"nint step = direct ? pitch : {Run};"));
            using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {Run}; x += Lanes.Floats)")))
            {
                writer.Line("Floats m0 = Vec.Load(products + x), m1 = Vec.Load(products + stride + x), m2 = Vec.Load(products + (2 * stride) + x);");
                writer.Line("Floats m3 = Vec.Load(products + (3 * stride) + x), m4 = Vec.Load(products + (4 * stride) + x), m5 = Vec.Load(products + (5 * stride) + x);");
                writer.Line("Floats nearSum = m1 + m2, nearDifference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4;");
                writer.Line("(m0 + nearSum + farSum).Store(start + x);");
                writer.Line("(nearDifference + (two * farDifference)).Store(start + step + x);");
                writer.Line("(nearSum + (four * farSum)).Store(start + (2 * step) + x);");
                writer.Line("(nearDifference + (eight * farDifference) + m5).Store(start + (3 * step) + x);");
            }

            writer.Line("for (int row = 0; row < rows && !direct; row++)");
            writer.Line(FormattableString.Invariant($"    new Span<float>(whole + (row * {Run}), pixels).CopyTo(new Span<float>(target + (row * pitch), pixels));"));
        },
        "Four rows of one output from six products; at the right and lower border only what the image holds.");
}

using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes convolutions over panels: for each block of output rows the pixels under all taps are packed without gaps
/// (<see cref="PanelPackEmitter"/>), tiles of the product with the weights are made in registers (<see cref="PanelTileEmitter"/>), and each
/// channel's rows are finished while they are in the first-level cache. Packing costs a load and a store a value, which every output
/// channel shares; in return no lane computes a gap, and everything is read in the order in which it lies.
/// <code>
/// lanes are pixels:            pack, then for every tile of output channels: sums, finish
/// lanes are output channels:   for every slice of input channels: pack, then for every tile: sums go on; after the last transpose, finish
/// </code>
/// </summary>
internal static class PanelConvEmitter
{
    /// <summary>Output channels of a tile at most, where lanes are pixels.</summary>
    internal static int TileOutputs(int width) => width == 512 ? 8 : 4;

    /// <summary>
    /// Vectors of output channels of a tile at most, where lanes are output channels, for an image of so many pixels. Every tile fetches one
    /// vector a term of the weights that come next, so there should be as many tiles as vectors, where there are several.
    /// </summary>
    internal static int TileVectors(int width, int pixels)
    {
        int vectors = PanelTileEmitter.Vectors(width, Math.Min(pixels, width == 512 ? 6 : 5));
        while (vectors > 2 && PanelTileEmitter.Tiles(width, vectors, pixels) is > 1 and int tiles && tiles < vectors) vectors--;
        return vectors;
    }

    /// <summary>Rows of sums, each as long as a row of the panel, that a kernel of any width needs.</summary>
    internal static int SumRows(PanelSource source, int pixels)
    {
        if (source.Layout.Lanes == PanelLanes.Pixels) return TileOutputs(512);
        int tile = new[] { 128, 256, 512 }.Max(w => TileVectors(w, pixels) * w / 32);
        return tile + (source.HasSlices ? (source.Operator.Weight.Shape[0] + 15) / 16 * 16 : tile);
    }

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="step">The step.</param>
    /// <param name="source">Its source.</param>
    /// <param name="pixels">Pixels of the image, where its size is fixed and lanes are output channels.</param>
    /// <param name="columns">Columns of short rows, which are packed and finished without loops; else null.</param>
    internal static string Emit(KernelFile file, FlatStep step, PanelSource source, int pixels, int? columns)
    {
        Conv2d conv = source.Operator;
        EquatableArray<int> kernel = conv.Weight.Shape;
        bool inPixels = source.Layout.Lanes == PanelLanes.Pixels;
        int perGroup = kernel[0] / conv.Groups, most = inPixels ? TileOutputs(file.Width) : TileVectors(file.Width, pixels);
        TileSplit split = TileSplit.Of(inPixels ? perGroup : (perGroup + file.Floats - 1) / file.Floats, most);
        string finish = RowFinishEmitter.EmitMethod(file, step, columns);
        var tiles = new PanelTileLoops(file, source.HasSlices ? "terms" : Literal.Integer(conv.MacsPerOutput), pixels);
        string heading = string.Join(", ", ["float* weights", "float* constants", .. PanelPackEmitter.Sources(source).Select(s => "float* " + s), "PlaneGeometry from", "PlaneGeometry geometry", .. RowFinishEmitter.Pointers(step), "byte* scratch", "int part", "int parts"]);
        return file.Method(
            FormattableString.Invariant($"PanelConv{kernel[2]}x{kernel[3]}Of{kernel[1] * conv.Groups}To{kernel[0]}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({heading})",
            writer =>
            {
                int reads = kernel[1] * Math.Max(kernel[2] * kernel[3], conv.Window.StrideY * conv.Window.StrideX), tileOutputs = inPixels ? most : most * file.Floats;
                writer.Line(FormattableString.Invariant($"var share = new PanelShare(geometry, mostPixels: {source.Layout.MostPixels}, tiles: {split.Tiles}, tileOutputs: {tileOutputs}, terms: {conv.MacsPerOutput}, reads: {reads}, isOneGroup: {(conv.Groups == 1 ? "true" : "false")}, part, parts);"));
                writer.Line("int width = geometry.Width;\nnint stride = share.Stride;");
                writer.Line(FormattableString.Invariant($"float* panel = (float*)scratch, sums = panel + ({source.SliceTerms} * stride){(inPixels ? "" : FormattableString.Invariant($", lanes = sums + ({tileOutputs} * stride)"))};"));
                using (writer.Block("for (int y = share.FirstRow; y < share.EndRow; y += share.Rows)"))
                {
                    writer.Line("int rows = Math.Min(share.Rows, share.EndRow - y), pixels = rows * width;\nlong pixel = (long)y * geometry.Pitch;");
                    using (conv.Groups > 1 ? writer.Block(FormattableString.Invariant($"for (int group = 0; group < {conv.Groups}; group++)")) : (IDisposable?)null)
                    using (source.HasSlices ? writer.Block(FormattableString.Invariant($"for (int first = 0; first < {kernel[1]}; first += {source.Layout.MostInputs})")) : (IDisposable?)null)
                    {
                        if (source.HasSlices) writer.Line(FormattableString.Invariant($"int inputs = Math.Min({source.Layout.MostInputs}, {kernel[1]} - first), terms = {kernel[2] * kernel[3]} * inputs;"));
                        PanelPackEmitter.EmitPacking(file, writer, source, columns);
                        using (writer.Block("for (int tile = share.FirstTile; tile < share.EndTile; tile++)"))
                            foreach ((int count, string condition) in split.Sizes)
                                using (writer.Block(condition))
                                {
                                    if (inPixels) EmitTileOfPixels(writer, source, tiles, split, count);
                                    else EmitTileOfOutputs(writer, source, tiles, split, (count, file.Floats));
                                    EmitFinish(writer, step, finish, inPixels ? Literal.Integer(count) : FormattableString.Invariant($"{count} * Lanes.Floats"), inPixels || perGroup % file.Floats == 0 ? null : perGroup);
                                }
                    }
                }
            },
            FormattableString.Invariant($"fp32 convolution {kernel[2]} x {kernel[3]}{Stride(conv.Window)}, {kernel[1] * conv.Groups} -> {kernel[0]} channels{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}; {source.Layout.Reason}."),
            $"{EpilogueEmitter.Describe(step.Epilogue)}.");
    }

    private static void EmitTileOfPixels(CodeWriter writer, PanelSource source, PanelTileLoops tiles, TileSplit split, int outputs)
    {
        Conv2d conv = source.Operator;
        string group = conv.Groups > 1 ? FormattableString.Invariant($" + (group * {conv.Weight.Shape[0] / conv.Groups})") : "";
        writer.Line($"int channel = {split.First}{group};");
        writer.Line(FormattableString.Invariant($"float* weight = weights + ((nint)channel * {conv.MacsPerOutput});"));
        tiles.EmitOverPixels(writer, outputs);
    }

    private static void EmitTileOfOutputs(CodeWriter writer, PanelSource source, PanelTileLoops tiles, TileSplit split, (int Vectors, int Floats) tile)
    {
        Conv2d conv = source.Operator;
        int channels = tile.Vectors * tile.Floats;
        writer.Line($"int channel = ({split.First}) * Lanes.Floats;");
        int inputs = conv.Weight.Shape[1], all = (conv.Weight.Shape[0] + tile.Floats - 1) / tile.Floats * tile.Floats;
        string lanes = source.HasSlices ? "lane" : "lanes";
        writer.Line(source.HasSlices
            ? FormattableString.Invariant($"float* weight = weights + ((nint)first * {conv.MacsPerOutput / inputs * all}) + ((nint)channel * terms), lane = lanes + (channel * stride);")
            : FormattableString.Invariant($"float* weight = weights + ((nint)channel * {conv.MacsPerOutput});"));
        tiles.EmitOverOutputs(writer, tile.Vectors, "pixels", "panel", lanes, goesOn: source.HasSlices);
        if (source.HasSlices) writer.Line(FormattableString.Invariant($"if (first + inputs < {inputs}) continue;"));
        writer.Line(FormattableString.Invariant($"TileTranspose.ToPlanes({lanes}, pixels, {channels}, sums, stride);"));
    }

    // Where a last tile is not full, the channels that are not there are left out.
    private static void EmitFinish(CodeWriter writer, FlatStep step, string finish, string channels, int? all)
    {
        string end = all is null ? channels : FormattableString.Invariant($"Math.Min({channels}, {all} - channel)");
        using (writer.Block($"for (int output = 0; output < {end}; output++)")) writer.Line(RowFinishEmitter.Call(step, finish, "sums + (output * stride)", "width", channels));
    }

    private static string Stride(Window window) => window.StrideY == 1 && window.StrideX == 1 ? "" : FormattableString.Invariant($" at every {window.StrideY} x {window.StrideX} pixels");
}

using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes 3 x 3 convolutions by Winograd's F(4 x 4, 3 x 3): a patch of 4 x 4 pixels comes from 36 products instead of 144. The 6 x 6 pixels
/// under each patch are combined along columns, then along rows; then the convolution is 36 products of matrices, input channels by
/// patches and by output channels, whose lanes are output channels so that few patches fill them as well as many.
/// <code>
/// 6 x 6 pixels  -- combine --> 36 matrices, inputs x patches -- tiles --> 36 products -- spread --> 4 x 4 pixels -- epilogue --> planes
/// 3 x 3 weights -- combine --> 36 matrices, inputs x outputs ----^
/// </code>
/// Weights are combined when a session begins or, where few patches use them, in slices of the inputs just before the tiles.
/// Strips of patches come in blocks (<c>PatchShare</c>). Rows and columns outside the image are zeros in scratch memory, so a ghost, an
/// intrinsic channel read at an offset, has its own zeros around it although it lies nowhere in memory.
/// </summary>
internal static class WinogradPatchEmitter
{
    private const string GhostParameter = "ReadOnlySpan<short> ghosts";

    /// <summary>Vectors of output channels of a tile at most.</summary>
    internal static int TileVectors(int width, WinogradPatchSource source) => PanelConvEmitter.TileVectors(width, source.Layout.Patches);

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="step">The step.</param>
    /// <param name="source">Its source.</param>
    /// <param name="columns">Columns of short rows, where every block has them all; else null.</param>
    internal static string Emit(KernelFile file, FlatStep step, WinogradPatchSource source, int? columns)
    {
        EquatableArray<int> shape = source.Operator.Weight.Shape;
        int outputs = shape[0], inputs = shape[1], most = TileVectors(file.Width, source);
        TileSplit split = TileSplit.Of((outputs + file.Floats - 1) / file.Floats, most);
        bool hasGhosts = source.Operator.Ghosts is not null;
        string ghosts = hasGhosts ? ", ghosts" : "";
        string heading = string.Join(", ", ["float* weights", "float* constants", "float* source", .. hasGhosts ? [GhostParameter] : Array.Empty<string>(), "PlaneGeometry geometry", .. RowFinishEmitter.Pointers(step), .. step.Epilogue.Shuffle is null ? [] : new[] { "PlaneGeometry larger" }, "byte* scratch", "int part", "int parts"]);
        string combine = EmitCombine(file, hasGhosts), spread = WinogradPatchTransforms.EmitSpreadPatches(file), finish = RowFinishEmitter.EmitMethod(file, step, columns);
        int? slice = source.Layout.SliceInputs;
        var tiles = new PanelTileLoops(file, slice is null ? Literal.Integer(inputs) : "terms", source.Layout.Patches);
        return file.Method(
            FormattableString.Invariant($"WinogradPatches3x3Of{inputs}To{outputs}{(hasGhosts ? "WithGhosts" : "")}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({heading})",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"var share = new PatchShare(geometry, {source.Layout.MostPatches}, {split.Tiles}, part, parts, canShareTiles: {(Phases(step) == 0 || file.Floats % Phases(step) == 0 ? "true" : "false")});"));
                writer.Line(FormattableString.Invariant($"nint stride = share.Stride, matrix = ({inputs} * stride) + 16;"));
                writer.Line(FormattableString.Invariant($"float* combined = (float*)scratch, products = combined + (36 * matrix), lanes = products + ({36 * most * file.Floats} * share.Patches);"));
                writer.Line("float* sums = lanes + (16 * share.Patches * Lanes.Floats), rest = sums + (share.SumStride * Lanes.Floats);");
                if (slice is not null) writer.Line(FormattableString.Invariant($"float* kernels = rest;\nrest += {36 * WinogradKernelEmitter.Matrix(slice.Value, most * file.Floats)};"));
                if (step.Epilogue.Shuffle is not null) writer.Line(FormattableString.Invariant($"float* shuffled = rest;\nrest += {Phases(step)} * share.SumStride;"));
                using (writer.Block("for (int strip = share.FirstStrip; strip < share.EndStrip; strip += share.Strips)"))
                using (writer.Block("for (int column = 0; column < share.StripPatches; column += share.Columns)"))
                {
                    writer.Line("int strips = Math.Min(share.Strips, share.EndStrip - strip), columns = Math.Min(share.Columns, share.StripPatches - column), patches = strips * columns;");
                    writer.Line("int rows = Math.Min(4 * strips, geometry.Height - (4 * strip)), width = Math.Min(4 * columns, geometry.Width - (4 * column));\nlong pixel = (4L * strip * geometry.Pitch) + (4 * column);");
                    writer.Line(FormattableString.Invariant($"{combine}(source{ghosts}, geometry, {inputs}, strip, strips, column, columns, share, combined, matrix, rest);"));
                    using (writer.Block("for (int tile = share.FirstTile; tile < share.EndTile; tile++)"))
                        foreach ((int size, string condition) in split.Sizes)
                            using (writer.Block(condition))
                            {
                                writer.Line($"int firstChannel = ({split.First}) * Lanes.Floats;");
                                if (slice is { } inSlice) EmitProductsOfSlices(file, writer, tiles, inputs, size, inSlice);
                                else EmitProducts(file, writer, tiles, inputs, size);
                                EmitPixels(writer, step, size, (spread, finish), outputs, file.Floats);
                            }
                }
            },
            FormattableString.Invariant($"fp32 convolution 3 x 3, {inputs} -> {outputs} channels, by Winograd's F(4 x 4, 3 x 3): 36 multiplications for 144. {EpilogueEmitter.Describe(step.Epilogue)}."));
    }

    private static void EmitProducts(KernelFile file, CodeWriter writer, PanelTileLoops tiles, int inputs, int vectors)
    {
        int channels = vectors * file.Floats;
        writer.Line(FormattableString.Invariant($"float* weight = weights + ((nint)firstChannel * {36 * inputs});"));
        using (ForEachProduct(writer, inputs * channels))
        {
            writer.Line(FormattableString.Invariant($"float* patch = combined + (product * matrix), to = products + (product * patches * {channels});"));
            tiles.EmitOverOutputs(writer, vectors, "patches", "patch", "to");
        }
    }

    private static void EmitProductsOfSlices(KernelFile file, CodeWriter writer, PanelTileLoops tiles, int inputs, int vectors, int slice)
    {
        int channels = vectors * file.Floats;
        string combine = WinogradKernelEmitter.Emit(file, vectors, slice);
        using (writer.Block(FormattableString.Invariant($"for (int first = 0; first < {inputs}; first += {slice})")))
        {
            writer.Line(FormattableString.Invariant($"int terms = Math.Min({slice}, {inputs} - first);\nfloat* kernel = weights + ((nint)firstChannel * {9 * inputs}) + (first * {9 * channels}), weight = kernels;"));
            writer.Line(FormattableString.Invariant($"{combine}(kernel, terms, kernels);"));
            using (ForEachProduct(writer, WinogradKernelEmitter.Matrix(slice, channels)))
            {
                writer.Line(FormattableString.Invariant($"float* patch = combined + (product * matrix) + (first * stride), to = products + (product * patches * {channels}), ahead = kernel + {9 * channels * slice} + (product * {channels * slice / 4});"));
                tiles.EmitOverOutputs(writer, vectors, "patches", "patch", "to", goesOn: true, "ahead");
            }
        }
    }

    private static IDisposable ForEachProduct(CodeWriter writer, int weights) => writer.Block(FormattableString.Invariant($"for (int product = 0; product < 36; product++, weight += {weights})"));

    private static void EmitPixels(CodeWriter writer, FlatStep step, int vectors, (string Spread, string Finish) methods, int outputs, int lanes)
    {
        int channels = vectors * lanes;
        using (writer.Block(FormattableString.Invariant($"for (int vector = 0; vector < {vectors}; vector++)")))
        {
            writer.Line("int channel = firstChannel + (vector * Lanes.Floats);");
            writer.Line(FormattableString.Invariant($"{methods.Spread}(products + (vector * Lanes.Floats), patches * {channels}, {channels}, strips, columns, lanes);"));
            writer.Line("TileTranspose.ToPlanes(lanes, 16 * patches, Lanes.Floats, sums, share.SumStride);");
            string end = outputs % lanes == 0 ? "Lanes.Floats" : FormattableString.Invariant($"Math.Min(Lanes.Floats, {outputs} - channel)");
            using (writer.Block($"for (int output = 0; output < {end}; output++)")) EmitFinish(writer, step, methods.Finish);
        }
    }

    private static void EmitFinish(CodeWriter writer, FlatStep step, string finish)
    {
        const string sums = "sums + (output * share.SumStride)", pitch = "4 * columns";
        if (step.Epilogue.Shuffle is not { } shuffle)
        {
            writer.Line(RowFinishEmitter.Call(step, finish, sums, pitch, "Lanes.Floats"));
            return;
        }

        int phases = Phases(step);
        writer.Line(RowFinishEmitter.Call(step, finish, sums, pitch, "Lanes.Floats", FormattableString.Invariant($"shuffled + ((channel + output) % {phases} * share.SumStride)")));
        using (writer.Block(FormattableString.Invariant($"for (int row = 0; row < rows && (channel + output) % {phases} == {phases - 1}; row++)")))
            writer.Line(FormattableString.Invariant($"PixelShuffleKernel.StoreRow(shuffled + (row * {pitch}), share.SumStride, width, (4 * strip) + row, 4 * column, {shuffle.Factor}, target + ((long)((channel + output) / {phases}) * larger.FloatStride), larger);"));
    }

    /// <summary>Channels of a step that become one by a pixel shuffle; 0 where none follows.</summary>
    internal static int Phases(FlatStep step) => step.Epilogue.Shuffle is { } shuffle ? shuffle.Factor * shuffle.Factor : 0;

    private static string EmitCombine(KernelFile file, bool hasGhosts)
    {
        string rows = WinogradRowsEmitter.EmitCombine(file), combineColumns = WinogradPatchTransforms.EmitCombineColumns(file);
        return file.Method(
            "CombinePatches",
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* source, {(hasGhosts ? GhostParameter + ", " : "")}PlaneGeometry geometry, int inputs, int strip, int strips, int column, int columns, PatchShare share, float* combined, nint matrix, float* scratch)",
            writer =>
            {
                writer.Line("// Of a part of a strip, the patches on both sides are read too: pixels next to it are theirs.");
                writer.Line("int before = column > 0 ? 1 : 0, after = column + columns < share.StripPatches ? 1 : 0;");
                writer.Line("int start = 4 * (column - before), length = 4 * (before + columns + after), pixels = Math.Min(length, geometry.Width - start);");
                writer.Line("int line = share.Line, stride = share.Stride, phaseStride = share.PhaseStride;");
                writer.Line("float* lines = scratch, phases = lines + (6 * line), edges = phases + (4 * phaseStride), zeros = edges + (2 * stride);");
                writer.Line("new Span<float>(zeros, pixels + 16).Clear();\nshare.WriteEdges(edges, column);");
                using (writer.Block("for (int input = 0; input < inputs; input++, combined += stride)"))
                {
                    writer.Line(hasGhosts
                        ? "float* from = source + ((long)ghosts[3 * input] * geometry.FloatStride) + start + ghosts[(3 * input) + 2];"
                        : "float* from = source + ((long)input * geometry.FloatStride) + start;");
                    writer.Line("for (int i = 0; i < strips; i++)");
                    writer.Line($"    {rows}(from, geometry.Pitch, geometry.Height, (4 * (strip + i)) - 1, {(hasGhosts ? "ghosts[(3 * input) + 1]" : "0")}, zeros, lines + (i * length), line, pixels, length);");
                    writer.Line("TileTranspose.ToPlanes(lines, 6 * line / 4, 4, phases, phaseStride);");
                    writer.Line($"{combineColumns}(phases + before, phaseStride, line / 4, edges, edges + stride, strips * columns, combined, matrix);");
                }
            },
            "The patches of every input channel, combined along columns and along rows.");
    }
}

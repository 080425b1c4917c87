using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes fp32 convolutions. Lanes are neighbouring pixels; a tile is a few output channels by a few vectors of pixels, whose sums stay in
/// registers over all taps. For each block of pixels the blocks of output channels follow one another, so that the rows under the
/// window stay in cache while every output reads them. Rows, gaps and margins are one run of pixels: no tap needs a test.
/// </summary>
internal static class ConvEmitter
{
    /// <summary>Output channels of a tile at most, for every width: with <see cref="TileVectors"/> the sums, the pixels and a weight fill the registers.</summary>
    internal const int TileOutputs = 6;

    /// <summary>
    /// Vectors of pixels a tile: as many as leave registers for the sums, the pixels and a weight (32 registers with 512-bit vectors, else
    /// 16). Few outputs take more pixels, so that there are always enough independent sums to hide the latency of an addition.
    /// </summary>
    internal static int TileVectors(int width, int outputs) => (width == 512 ? 4 : 2) * (outputs <= TileOutputs / 2 ? 2 : 1);

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, ConvSource source)
    {
        Conv2d conv = source.Convolution;
        EquatableArray<int> kernel = conv.Weight.Shape;
        int outputsPerGroup = kernel[0] / conv.Groups, taps = kernel[1] * kernel[2] * kernel[3];
        int blocks = (outputsPerGroup + TileOutputs - 1) / TileOutputs, small = outputsPerGroup / blocks, larger = outputsPerGroup % blocks;
        string finish = FlatLoopEmitter.FinishMethod(file, step, fromWords: false);
        string? largeTile = larger > 0 ? EmitTile(file, conv, small + 1) : null;
        string smallTile = EmitTile(file, conv, small);
        long shuffledAt = (long)TileOutputs * file.Width * sizeof(float);
        file.NeedScratch(shuffledAt + FlatLoopEmitter.ShuffleBytes(file, step));
        return file.Method(
            FormattableString.Invariant($"Conv{kernel[2]}x{kernel[3]}Of{kernel[1] * conv.Groups}To{kernel[0]}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "float* weights", "float* constants", "float* source"))})",
            writer =>
            {
                writer.Line("nint planeStride = geometry.FloatStride, rowStride = geometry.Pitch;");
                writer.Line("float* sums = (float*)scratch;");
                if (step.Epilogue.Shuffle is not null) writer.Line(FormattableString.Invariant($"float* shuffled = (float*)(scratch + {shuffledAt});"));
                using (writer.Block("for (long pixel = (long)first * PlaneGeometry.BlockPixels; pixel < (long)end * PlaneGeometry.BlockPixels; pixel += BlockPixels)"))
                {
                    writer.Line("float* weight = weights;\nint channel = 0;");
                    using (writer.Block(FormattableString.Invariant($"for (int group = 0; group < {conv.Groups}; group++)")))
                    {
                        writer.Line(FormattableString.Invariant($"float* window = source + (group * {kernel[1]} * planeStride) + pixel - ({conv.Window.PadTop} * rowStride) - {conv.Window.PadLeft};"));
                        if (largeTile is not null) EmitTileLoop(writer, step, largeTile, finish, larger, small + 1, taps);
                        EmitTileLoop(writer, step, smallTile, finish, blocks - larger, small, taps);
                    }
                }
            },
            FormattableString.Invariant($"fp32 convolution {kernel[2]} x {kernel[3]}, {kernel[1] * conv.Groups} -> {kernel[0]} channels{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}, in tiles of up to {(larger > 0 ? small + 1 : small)} outputs x {TileVectors(file.Width, small) * file.Floats} pixels."),
            $"{EpilogueEmitter.Describe(step.Epilogue)}.");
    }

    private static void EmitTileLoop(CodeWriter writer, FlatStep step, string tile, string finish, int blocks, int outputs, int taps)
    {
        using (writer.Block(FormattableString.Invariant($"for (int tile = 0; tile < {blocks}; tile++, weight += {outputs * taps}, channel += {outputs})")))
        {
            writer.Line($"{tile}(window, planeStride, rowStride, weight, sums);");
            using (writer.Block(FormattableString.Invariant($"for (int output = 0; output < {outputs}; output++)")))
                FlatLoopEmitter.Finish(writer, step, finish, "sums + (output * BlockPixels)", "constants", "(channel + output)");
        }
    }

    // All tiles of one block of pixels for one block of outputs.
    private static string EmitTile(KernelFile file, Conv2d conv, int outputs)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int vectors = TileVectors(file.Width, outputs), dilation = conv.Window.DilationX;
        return file.Method(
            FormattableString.Invariant($"ConvTile{kernel[2]}x{kernel[3]}Of{kernel[1]}To{outputs}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* window, nint planeStride, nint rowStride, float* weights, float* sums)",
            writer =>
            {
                using (writer.Block(FormattableString.Invariant($"for (int pixel = 0; pixel < BlockPixels; pixel += {vectors} * Lanes.Floats)")))
                {
                    for (int o = 0; o < outputs; o++)
                        writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, vectors).Select(v => FormattableString.Invariant($"s{o}{v} = Floats.Zero")))};");
                    writer.Line("float* weight = weights, plane = window + pixel;");
                    using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {kernel[1]}; channel++, plane += planeStride)")))
                    {
                        writer.Line("float* row = plane;");
                        using (writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernel[2]}; y++, row += {conv.Window.DilationY} * rowStride)")))
                        using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {kernel[3]}; x++, weight += {outputs})")))
                        {
                            EmitTap(writer, outputs, vectors, dilation);
                        }
                    }

                    for (int o = 0; o < outputs; o++)
                        for (int v = 0; v < vectors; v++) writer.Line(FormattableString.Invariant($"s{o}{v}.Store(sums + ({o} * BlockPixels) + pixel + ({v} * Lanes.Floats));"));
                }
            },
            FormattableString.Invariant($"Sums of {outputs} outputs over {kernel[1]} channels, {vectors * file.Floats} pixels at a time."));
    }

    // Whatever is fewer, the vectors of pixels or the weights, is loaded first and kept.
    private static void EmitTap(CodeWriter writer, int outputs, int vectors, int dilation)
    {
        string Pixels(int v) => FormattableString.Invariant($"Floats p{v} = Vec.Load(row + (x * {dilation}) + ({v} * Lanes.Floats));");
        string Weight(int o) => FormattableString.Invariant($"Floats w{o} = Vec.Create(weight[{o}]);");
        bool keepsPixels = vectors <= outputs;
        for (int kept = 0; kept < (keepsPixels ? vectors : outputs); kept++) writer.Line(keepsPixels ? Pixels(kept) : Weight(kept));
        for (int outer = 0; outer < (keepsPixels ? outputs : vectors); outer++)
        {
            writer.Line(keepsPixels ? Weight(outer) : Pixels(outer));
            for (int inner = 0; inner < (keepsPixels ? vectors : outputs); inner++)
            {
                (int o, int v) = keepsPixels ? (outer, inner) : (inner, outer);
                writer.Line(FormattableString.Invariant($"s{o}{v} = Lanes.MultiplyAdd(p{v}, w{o}, s{o}{v});"));
            }
        }
    }
}

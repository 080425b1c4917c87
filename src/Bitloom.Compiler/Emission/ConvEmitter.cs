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
    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, ConvSource source)
    {
        Conv2d conv = source.Operator;
        EquatableArray<int> kernel = conv.Weight.Shape;
        int outputsPerGroup = kernel[0] / conv.Groups, taps = kernel[1] * kernel[2] * kernel[3];
        int blocks = (outputsPerGroup + ConvTileEmitter.TileOutputs - 1) / ConvTileEmitter.TileOutputs, small = outputsPerGroup / blocks, larger = outputsPerGroup % blocks;
        string finish = FlatLoopEmitter.FinishMethod(file, step, sums: null);
        string? largeTile = larger > 0 ? ConvTileEmitter.Emit(file, kernel, conv.Window, small + 1, file.Width) : null;
        string smallTile = ConvTileEmitter.Emit(file, kernel, conv.Window, small, file.Width);
        long shuffledAt = (long)ConvTileEmitter.TileOutputs * file.Width * sizeof(float);
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
            FormattableString.Invariant($"fp32 convolution {kernel[2]} x {kernel[3]}, {kernel[1] * conv.Groups} -> {kernel[0]} channels{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}, in tiles of up to {(larger > 0 ? small + 1 : small)} outputs x {ConvTileEmitter.TileVectors(file.Width, small) * file.Floats} pixels."),
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
}

using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes the innermost loops of fp32 convolutions: a tile of outputs by pixels whose sums stay in registers over all taps.</summary>
internal static class ConvTileEmitter
{
    /// <summary>Output channels of a tile at most, for every width: with <see cref="TileVectors"/> the sums, the pixels and a weight fill the registers.</summary>
    internal const int TileOutputs = 6;

    // From so many input channels on, lines of cache are fetched for a channel that comes so many later: a plane's rows are a few lines each,
    // too few for a hardware prefetcher to follow.
    private const int FetchedChannels = 16, ChannelsAhead = 3, LineFloats = 16;

    /// <summary>
    /// Vectors of pixels a tile: as many as leave registers for the sums, the pixels and a weight (32 registers with 512-bit vectors, else
    /// 16). Few outputs take more pixels, so that there are always enough independent sums to hide the latency of an addition.
    /// </summary>
    internal static int TileVectors(int width, int outputs) => (width == 512 ? 4 : 2) * (outputs <= TileOutputs / 2 ? 2 : 1);

    /// <summary>
    /// Writes the method that makes a run of <paramref name="pixels"/> sums of a few outputs, tile by tile; returns its name.
    /// Sums of one output follow one another.
    /// </summary>
    internal static string Emit(KernelFile file, EquatableArray<int> kernel, Window window, int outputs, int pixels)
    {
        int vectors = TileVectors(file.Width, outputs), dilation = window.DilationX;
        return file.Method(
            FormattableString.Invariant($"ConvTile{kernel[2]}x{kernel[3]}Of{kernel[1]}To{outputs}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* window, nint planeStride, nint rowStride, float* weights, float* sums)",
            writer =>
            {
                using (writer.Block(FormattableString.Invariant($"for (int pixel = 0; pixel < {pixels}; pixel += {vectors} * Lanes.Floats)")))
                {
                    for (int o = 0; o < outputs; o++)
                        writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, vectors).Select(v => FormattableString.Invariant($"s{o}{v} = Floats.Zero")))};");
                    writer.Line("float* weight = weights, plane = window + pixel;");
                    using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {kernel[1]}; channel++, plane += planeStride)")))
                    {
                        writer.Line("float* row = plane;");
                        using (writer.Block(FormattableString.Invariant($"for (int y = 0; y < {kernel[2]}; y++, row += {window.DilationY} * rowStride)")))
                        {
                            for (int line = 0; kernel[1] >= FetchedChannels && line <= vectors * file.Floats; line += LineFloats)
                                writer.Line(FormattableString.Invariant($"Lanes.Prefetch(row + ({ChannelsAhead} * planeStride) + {line});"));
                            using (writer.Block(FormattableString.Invariant($"for (int x = 0; x < {kernel[3]}; x++, weight += {outputs})")))
                                EmitTap(writer, outputs, vectors, dilation);
                        }
                    }

                    for (int o = 0; o < outputs; o++)
                        for (int v = 0; v < vectors; v++) writer.Line(FormattableString.Invariant($"s{o}{v}.Store(sums + {o * pixels} + pixel + ({v} * Lanes.Floats));"));
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

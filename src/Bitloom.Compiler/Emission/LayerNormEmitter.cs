using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes layer normalisation over the channels of each pixel. Lanes are neighbouring pixels, so that means and variances are sums from
/// channel to channel, in the same order for every vector width. A block of pixels is read three times, from cache after the first:
/// <list type="number">
/// <item>the mean, channel after channel,</item>
/// <item>the variance, as the mean square of what lies beside the mean: no difference of large sums,</item>
/// <item>the values, through the epilogue, which begins with gamma and beta.</item>
/// </list>
/// </summary>
internal static class LayerNormEmitter
{
    // Vectors of pixels at a time: independent sums hide the latency of an addition.
    private const int Vectors = 4;

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, LayerNormSource source)
    {
        string moments = EmitMoments(file, step.Channels, source.Operator.Epsilon), normalise = EmitNormalise(file);
        string finish = FlatLoopEmitter.FinishMethod(file, step, sums: null);
        long shuffledAt = 3L * file.Width * sizeof(float);
        file.NeedScratch(shuffledAt + FlatLoopEmitter.ShuffleBytes(file, step));
        return file.Method(
            FormattableString.Invariant($"LayerNormOf{step.Channels}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "float* constants", "float* source"))})",
            writer =>
            {
                writer.Line("float* mean = (float*)scratch, factor = mean + BlockPixels, values = factor + BlockPixels;");
                if (step.Epilogue.Shuffle is not null) writer.Line("float* shuffled = values + BlockPixels;");
                using (writer.Block("for (long pixel = (long)first * PlaneGeometry.BlockPixels; pixel < (long)end * PlaneGeometry.BlockPixels; pixel += BlockPixels)"))
                {
                    writer.Line($"{moments}(source + pixel, geometry.FloatStride, mean, factor);");
                    using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {step.Channels}; channel++)")))
                    {
                        writer.Line($"{normalise}(source + ((long)channel * geometry.FloatStride) + pixel, mean, factor, values);");
                        FlatLoopEmitter.Finish(writer, step, finish, "values", "constants", "channel");
                    }
                }
            },
            FormattableString.Invariant($"Layer normalisation over {step.Channels} channels: {EpilogueEmitter.Describe(step.Epilogue)}."));
    }

    private static string EmitMoments(KernelFile file, int channels, float epsilon) => file.Method(
        FormattableString.Invariant($"MomentsOf{channels}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* pixels, nint planeStride, float* mean, float* factor)",
        writer =>
        {
            string Each(Func<int, string> part) => string.Join(" ", Enumerable.Range(0, Vectors).Select(part));
            writer.Line(FormattableString.Invariant($"Floats count = Vec.Create({Literal.Float(channels)}), epsilon = Vec.Create({Literal.Float(epsilon)});"));
            using (writer.Block(FormattableString.Invariant($"for (int at = 0; at < BlockPixels; at += {Vectors} * Lanes.Floats)")))
            {
                writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, Vectors).Select(v => FormattableString.Invariant($"m{v} = Floats.Zero, q{v} = Floats.Zero")))};");
                writer.Line("float* plane = pixels + at;");
                using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {channels}; channel++, plane += planeStride)")))
                    for (int v = 0; v < Vectors; v++) writer.Line(FormattableString.Invariant($"m{v} += Vec.Load(plane + ({v} * Lanes.Floats));"));
                writer.Line(Each(v => FormattableString.Invariant($"m{v} /= count;")));
                writer.Line("plane = pixels + at;");
                using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {channels}; channel++, plane += planeStride)")))
                {
                    for (int v = 0; v < Vectors; v++) writer.Line(FormattableString.Invariant($"Floats d{v} = Vec.Load(plane + ({v} * Lanes.Floats)) - m{v};"));
                    writer.Line(Each(v => FormattableString.Invariant($"q{v} += d{v} * d{v};")));
                }

                for (int v = 0; v < Vectors; v++)
                {
                    writer.Line(FormattableString.Invariant($"m{v}.Store(mean + at + ({v} * Lanes.Floats));"));
                    writer.Line(FormattableString.Invariant($"(Floats.One / Vec.Sqrt((q{v} / count) + epsilon)).Store(factor + at + ({v} * Lanes.Floats));"));
                }
            }
        },
        FormattableString.Invariant($"Mean and 1 / sqrt(variance + epsilon) over {channels} channels, for every pixel of a block."));

    private static string EmitNormalise(KernelFile file) => file.Method(
        "Normalise",
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* pixels, float* mean, float* factor, float* values)",
        writer =>
        {
            using (writer.Block("for (int at = 0; at < BlockPixels; at += Lanes.Floats)"))
                writer.Line("((Vec.Load(pixels + at) - Vec.Load(mean + at)) * Vec.Load(factor + at)).Store(values + at);");
        },
        "One channel of a block, less the mean, over the deviation.");
}

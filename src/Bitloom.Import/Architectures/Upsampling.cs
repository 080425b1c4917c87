using System.Globalization;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>The up-sampling of super-resolution networks in full precision: a convolution and a pixel shuffle for each step, 4 as two steps of 2.</summary>
internal static class Upsampling
{
    /// <summary>Reads the scale off a checkpoint in which the first step is <c>name.0.weight</c>; 2 where it cannot be told.</summary>
    internal static int InferScale(CheckpointWeights weights, string name, int channels, int positions = 2)
    {
        if (weights.ShapeOf(Path(name, positions) + ".weight") is [int second, ..] && second == 4 * channels) return 4;
        return weights.ShapeOf(Path(name, 0) + ".weight") is [int outputs, ..] && outputs == 9 * channels ? 3 : 2;
    }

    /// <summary>Appends the steps.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">Module path of the sequence.</param>
    /// <param name="input">What is enlarged.</param>
    /// <param name="channels">Channels before and after.</param>
    /// <param name="scale">2, 3 or 4.</param>
    /// <param name="positions">Modules of the sequence for each step: 3 where a ReLU stands before the shuffle, else 2.</param>
    /// <param name="groups">Groups of the convolutions.</param>
    internal static string PixelShuffle(NetworkBuilder builder, string name, string input, int channels, int scale, int positions, int groups = 1)
    {
        int[] steps = scale == 4 ? [2, 2] : [scale];
        for (int i = 0; i < steps.Length; i++)
        {
            int at = i * positions, wide = channels * steps[i] * steps[i];
            input = builder.Conv(Path(name, at), input, channels, wide, size: 3, groups);
            if (positions == 3) input = builder.Append(Path(name, at + 1), new Relu(), input);
            input = builder.Append(Path(name, at + positions - 1), new PixelShuffle(steps[i]), input);
        }

        return input;
    }

    private static string Path(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");
}

using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>MobileNetV2 at width 1 (Sandler et al., Inverted Residuals and Linear Bottlenecks, 2018, table 2) as torchvision has it.</summary>
/// <param name="Classes">Scores of the result.</param>
/// <param name="Size">Height and width of the image, 0 for any.</param>
public sealed record MobileNetV2(int Classes = 1000, int Size = 0) : IClassifier
{
    private const int StemChannels = 32;
    private const int LastChannels = 1280;

    // Expansion, channels, blocks and the first block's stride.
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>Reads the classes off a checkpoint.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="prefix">Before the names of its weights.</param>
    public static MobileNetV2 Infer(CheckpointWeights weights, string prefix = "") =>
        new(weights.ShapeOf(prefix + "classifier.1.weight") is [int rows and > 0 and <= 1 << 20, ..] ? rows : 1000);

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c>, one score a class.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var layers = new ClassifierLayers(new NetworkBuilder(weights), weights);
        return layers.Finish(name, description, Size, Append(layers, "input"));
    }

    /// <inheritdoc/>
    public string Append(ClassifierLayers layers, string image, string? scores = null)
    {
        string Clipped(string module, string input, int from, int to, int size, int stride, int groups = 1) =>
            layers.Append(module + ".2", new Clip(0, 6), layers.ConvNorm(module + ".0", module + ".1", input, from, to, size, stride, groups));

        string at = Clipped("features.0", image, 3, StemChannels, 3, 2);
        int channels = StemChannels, feature = 1;
        foreach ((int expansion, int made, int blocks, int firstStride) in Stages)
            for (int block = 0; block < blocks; block++, feature++)
            {
                string module = string.Create(CultureInfo.InvariantCulture, $"features.{feature}.conv"), input = at;
                int stride = block == 0 ? firstStride : 1, width = channels * expansion, part = expansion == 1 ? 0 : 1;
                if (expansion > 1) at = Clipped(module + ".0", at, channels, width, 1, 1);
                at = Clipped(Part(module, part), at, width, width, 3, stride, width);
                at = layers.ConvNorm(Part(module, part + 1), Part(module, part + 2), at, width, made, 1, 1);
                if (stride == 1 && made == channels) at = layers.Append(module, new Add(), input, at);
                channels = made;
            }

        at = Clipped(string.Create(CultureInfo.InvariantCulture, $"features.{feature}"), at, channels, LastChannels, 1, 1);
        return layers.Head("classifier.1", at, LastChannels, Classes, scores);
    }

    private static string Part(string module, int index) => string.Create(CultureInfo.InvariantCulture, $"{module}.{index}");
}

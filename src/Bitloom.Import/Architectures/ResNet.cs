using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// ResNet (He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition, 2016) as torchvision has it: a bottleneck's stride is in its
/// 3 x 3 convolution.
/// </summary>
/// <param name="Blocks">Residual blocks of the stages, of which each but the first halves the image: 2, 2, 2, 2 for ResNet-18 and 3, 4, 6, 3 for ResNet-50.</param>
/// <param name="IsBottleneck">True for blocks of 1 x 1, 3 x 3 and 1 x 1 convolutions, false for two of 3 x 3.</param>
/// <param name="Classes">Scores of the result.</param>
/// <param name="Size">Height and width of the image, 0 for any.</param>
/// <param name="Width">Channels of the stem; each stage doubles those of the one before.</param>
/// <param name="Stem">Rows and columns of the first kernel, odd.</param>
public sealed record ResNet(EquatableArray<int> Blocks, bool IsBottleneck, int Classes = 1000, int Size = 0, int Width = 64, int Stem = 7) : IClassifier
{
    private const int BottleneckExpansion = 4;

    /// <summary>Reads blocks, their kind, widths and classes off a checkpoint; what it lacks gets ResNet-18's value.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="prefix">Before the names of its weights.</param>
    public static ResNet Infer(CheckpointWeights weights, string prefix = "")
    {
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => Math.Max(1, weights.Count(i => $"{prefix}layer{stage}.{i}.conv1.weight")))];
        int classes = weights.ShapeOf(prefix + "fc.weight") is [int rows and > 0 and <= 1 << 20, ..] ? rows : 1000;
        (int width, int stem) = weights.ShapeOf(prefix + "conv1.weight") is [int outputs and > 0 and <= 4096, _, int size and > 0 and < 64, _] && size % 2 == 1 ? (outputs, size) : (64, 7);
        return new ResNet(blocks.ToEquatableArray(), weights.ShapeOf(prefix + "layer1.0.conv3.weight") is not null, classes, Width: width, Stem: stem);
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c>, one score a class.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var layers = new ClassifierLayers(new NetworkBuilder(weights), weights);
        return layers.Finish(name, description, Size, Append(layers, "input"));
    }

    /// <inheritdoc/>
    public string Append(ClassifierLayers layers, string image, string? scores = null)
    {
        string at = layers.Append("relu", new Relu(), layers.ConvNorm("conv1", "bn1", image, 3, Width, Stem, 2));
        at = layers.Append("maxpool", new MaxPool((3, 3), new Window(2, 2, 1, 1, 1, 1)), at);
        int channels = Width;
        for (int stage = 0; stage < Blocks.Count; stage++)
        {
            int width = Width << stage, made = IsBottleneck ? width * BottleneckExpansion : width;
            for (int block = 0; block < Blocks[stage]; block++, channels = made)
                at = Block(layers, string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{block}"), at, channels, width, made, stage > 0 && block == 0 ? 2 : 1);
        }

        return layers.Head("fc", at, channels, Classes, scores);
    }

    private string Block(ClassifierLayers layers, string name, string input, int from, int width, int to, int stride)
    {
        string Relu(string suffix, string tensor) => layers.Append(name + suffix, new Relu(), tensor);
        string skip = from == to && stride == 1 ? input : layers.ConvNorm(name + ".downsample.0", name + ".downsample.1", input, from, to, 1, stride);
        string at = Relu(".relu1", layers.ConvNorm(name + ".conv1", name + ".bn1", input, from, width, IsBottleneck ? 1 : 3, IsBottleneck ? 1 : stride));
        at = layers.ConvNorm(name + ".conv2", name + ".bn2", at, width, width, 3, IsBottleneck ? stride : 1);
        if (IsBottleneck) at = layers.ConvNorm(name + ".conv3", name + ".bn3", Relu(".relu2", at), width, to, 1, 1);
        return Relu("", layers.Append(name + ".sum", new Add(), at, skip));
    }
}

using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// ResNet (He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition, 2016) as torchvision has it: a bottleneck's stride is in its
/// 3 x 3 convolution.
/// </summary>
/// <param name="Blocks">Residual blocks of the four stages: 2, 2, 2, 2 for ResNet-18 and 3, 4, 6, 3 for ResNet-50.</param>
/// <param name="IsBottleneck">True for blocks of 1 x 1, 3 x 3 and 1 x 1 convolutions, false for two of 3 x 3.</param>
/// <param name="Classes">Scores of the result.</param>
/// <param name="Size">Height and width of the image, 0 for any.</param>
public sealed record ResNet(EquatableArray<int> Blocks, bool IsBottleneck, int Classes = 1000, int Size = 0)
{
    private const int StemChannels = 64;
    private const int BottleneckExpansion = 4;

    /// <summary>Reads blocks, their kind and classes off a checkpoint; what it lacks gets ResNet-18's value.</summary>
    public static ResNet Infer(CheckpointWeights weights)
    {
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => Math.Max(1, weights.Count(i => $"layer{stage}.{i}.conv1.weight")))];
        int classes = weights.ShapeOf("fc.weight") is [int rows and > 0 and <= 1 << 20, ..] ? rows : 1000;
        return new ResNet(blocks.ToEquatableArray(), weights.ShapeOf("layer1.0.conv3.weight") is not null, classes);
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c>, one score a class.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        var layers = new ClassifierLayers(builder, weights);
        string at = builder.Append("relu", new Relu(), layers.ConvNorm("conv1", "bn1", "input", 3, StemChannels, 7, 2));
        at = builder.Append("maxpool", new MaxPool((3, 3), new Window(2, 2, 1, 1, 1, 1)), at);
        int channels = StemChannels;
        for (int stage = 0; stage < Blocks.Count; stage++)
        {
            int width = StemChannels << stage, made = IsBottleneck ? width * BottleneckExpansion : width;
            for (int block = 0; block < Blocks[stage]; block++, channels = made)
                at = Block(builder, layers, string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{block}"), at, channels, width, made, stage > 0 && block == 0 ? 2 : 1);
        }

        return layers.Finish(name, description, Size, layers.Head("fc", at, channels, Classes));
    }

    private string Block(NetworkBuilder builder, ClassifierLayers layers, string name, string input, int from, int width, int to, int stride)
    {
        string Relu(string suffix, string tensor) => builder.Append(name + suffix, new Relu(), tensor);
        string skip = from == to && stride == 1 ? input : layers.ConvNorm(name + ".downsample.0", name + ".downsample.1", input, from, to, 1, stride);
        string at = Relu(".relu1", layers.ConvNorm(name + ".conv1", name + ".bn1", input, from, width, IsBottleneck ? 1 : 3, IsBottleneck ? 1 : stride));
        at = layers.ConvNorm(name + ".conv2", name + ".bn2", at, width, width, 3, IsBottleneck ? stride : 1);
        if (IsBottleneck) at = layers.ConvNorm(name + ".conv3", name + ".bn3", Relu(".relu2", at), width, to, 1, 1);
        return Relu("", builder.Append(name + ".sum", new Add(), at, skip));
    }
}

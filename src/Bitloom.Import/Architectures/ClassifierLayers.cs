using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>What the classifiers of torchvision consist of, under their PyTorch names.</summary>
/// <param name="builder">Where the nodes go.</param>
/// <param name="weights">Where the weights come from.</param>
public sealed class ClassifierLayers(NetworkBuilder builder, WeightSource weights)
{
    // PyTorch's default for BatchNorm2d.
    private const float BatchNormEpsilon = 1e-5f;

    /// <summary>
    /// Convolution without bias, padded by half its size, and its batch norm: weights <c>convolution.weight</c>, <c>norm.weight</c>,
    /// <c>norm.bias</c>, <c>norm.running_mean</c>, <c>norm.running_var</c>.
    /// </summary>
    public string ConvNorm(string convolution, string norm, string input, int from, int to, int size, int stride, int groups = 1)
    {
        int pad = size / 2;
        var conv = new Conv2d(builder.Weight(convolution + ".weight", to, from / groups, size, size), null, new Window(stride, stride, pad, pad, pad, pad), groups);
        string sums = builder.Append(convolution, conv, input);
        var batchNorm = new BatchNorm(
            builder.Weight(norm + ".weight", to), builder.Weight(norm + ".bias", to), builder.Weight(norm + ".running_mean", to), builder.Weight(norm + ".running_var", to), BatchNormEpsilon);

        // A counter that training keeps.
        string counter = norm + ".num_batches_tracked";
        if (weights is CheckpointWeights checkpoint && checkpoint.ShapeOf(counter) is { } shape) checkpoint.Take(counter, [.. shape]);
        return builder.Append(norm, batchNorm, sums);
    }

    /// <summary>Global average pooling and the linear layer <c>name.weight</c>, <c>name.bias</c>: one score a class.</summary>
    public string Head(string name, string input, int from, int classes)
    {
        string pooled = builder.Append(name + ".pool", new GlobalAveragePool(), input);
        var weight = new FloatTensor(name + ".weight", [classes, from, 1, 1], EquatableArray.Create<float>(weights.Take(name + ".weight", classes, from)));
        return builder.Append(name, new Conv2d(weight, builder.Weight(name + ".bias", classes), new Window()), pooled);
    }

    /// <summary>The network from an image of 3 colours, <paramref name="size"/> pixels high and wide, or of any size for 0.</summary>
    public NetworkGraph Finish(string name, string description, int size, string output)
    {
        NetworkGraph network = builder.Finish(name, description, 3, output);
        return size == 0 ? network
            : network with { Inputs = [new GraphInput("input", new TensorShape(3, Extent.Constant(size), Extent.Constant(size)), SourceLocation.None)] };
    }
}

using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>Which of several uses of a classifier is appended: what stands before and after the names of its PyTorch modules.</summary>
/// <param name="Nodes">Before the names of nodes, e.g. <c>112.</c>.</param>
/// <param name="Weights">Before the names of weights, e.g. <c>classifier.</c>.</param>
/// <param name="Norms">After the names of batch norms, e.g. <c>.bns.0</c>, where each use has a set of its own.</param>
public sealed record ClassifierScope(string Nodes = "", string Weights = "", string Norms = "");

/// <summary>A classifier without an input of its own, so that it can stand in a larger network, more than once if need be.</summary>
public interface IClassifier
{
    /// <summary>Scores of the result.</summary>
    int Classes { get; }

    /// <summary>Appends it from an image of 3 channels on; returns the tensor of one score a class, called <paramref name="scores"/> if that is given.</summary>
    string Append(ClassifierLayers layers, string image, string? scores = null);
}

/// <summary>What the classifiers of torchvision consist of, under their PyTorch names.</summary>
/// <param name="builder">Where the nodes go.</param>
/// <param name="weights">Where the weights come from.</param>
/// <param name="scope">Which use of the classifier this is; null for the only one.</param>
public sealed class ClassifierLayers(NetworkBuilder builder, WeightSource weights, ClassifierScope? scope = null)
{
    // PyTorch's default for BatchNorm2d.
    private const float BatchNormEpsilon = 1e-5f;

    private readonly ClassifierScope _scope = scope ?? new ClassifierScope();

    /// <summary>Appends any operator as the node of a module.</summary>
    public string Append(string module, Operator @operator, params string[] inputs) => builder.Append(_scope.Nodes + module, @operator, inputs);

    /// <summary>The image at another size, as PyTorch's interpolate makes it: node <c>resize</c>, unless the sizes are equal.</summary>
    public string Resized(string image, int given, int wanted) => given == wanted ? image
        : Append("resize", Resize.To(wanted, wanted, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel), image);

    /// <summary>
    /// Convolution without bias, padded by half its size, and its batch norm: weights <c>convolution.weight</c>, <c>norm.weight</c>,
    /// <c>norm.bias</c>, <c>norm.running_mean</c>, <c>norm.running_var</c>.
    /// </summary>
    public string ConvNorm(string convolution, string norm, string input, int from, int to, int size, int stride, int groups = 1)
    {
        int pad = size / 2;
        var conv = new Conv2d(builder.Weight(_scope.Weights + convolution + ".weight", to, from / groups, size, size), null, new Window(stride, stride, pad, pad, pad, pad), groups);
        string sums = Append(convolution, conv, input), set = _scope.Weights + norm + _scope.Norms;
        var batchNorm = new BatchNorm(
            builder.Weight(set + ".weight", to), builder.Weight(set + ".bias", to), builder.Weight(set + ".running_mean", to), builder.Weight(set + ".running_var", to), BatchNormEpsilon);

        // A counter that training keeps.
        string counter = set + ".num_batches_tracked";
        if (weights is CheckpointWeights checkpoint && checkpoint.ShapeOf(counter) is { } shape) checkpoint.Take(counter, [.. shape]);
        return Append(norm, batchNorm, sums);
    }

    /// <summary>Global average pooling and the linear layer <c>module.weight</c>, <c>module.bias</c>: one score a class.</summary>
    /// <param name="module">The linear layer's module.</param>
    /// <param name="input">What is pooled.</param>
    /// <param name="from">Its channels.</param>
    /// <param name="classes">Scores.</param>
    /// <param name="scores">Name of the result; null for the module's.</param>
    public string Head(string module, string input, int from, int classes, string? scores = null)
    {
        string pooled = Append(module + ".pool", new GlobalAveragePool(), input);
        FloatTensor weight = builder.LinearWeight(_scope.Weights + module + ".weight", classes, from), bias = builder.Weight(_scope.Weights + module + ".bias", classes);
        return builder.Append(scores ?? _scope.Nodes + module, new Conv2d(weight, bias, new Window()), pooled);
    }

    /// <summary>The network from an image of 3 colours, <paramref name="size"/> pixels high and wide, or of any size for 0.</summary>
    public NetworkGraph Finish(string name, string description, int size, string output)
    {
        NetworkGraph network = builder.Finish(name, description, 3, output);
        return size == 0 ? network : network with { Inputs = [Image("input", size)] };
    }

    /// <summary>An image of 3 colours, <paramref name="size"/> pixels high and wide.</summary>
    internal static GraphInput Image(string name, int size) =>
        new(name, new TensorShape(3, Extent.Constant(size), Extent.Constant(size)), SourceLocation.None);
}

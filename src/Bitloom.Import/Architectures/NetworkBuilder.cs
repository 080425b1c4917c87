using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// Appends layers to a network under their PyTorch module paths. Every method returns the name of the tensor that it made.
/// </summary>
public sealed class NetworkBuilder(WeightSource weights)
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, FloatTensor> _weights = new(StringComparer.Ordinal);

    /// <summary>Appends any operator.</summary>
    public string Append(string name, Operator @operator, params string[] inputs)
    {
        _nodes.Add(new Node(name, @operator, inputs.ToEquatableArray(), SourceLocation.None));
        return name;
    }

    /// <summary>The float weight called <paramref name="name"/> in the checkpoint; taken once, however often it is used.</summary>
    public FloatTensor Weight(string name, params int[] shape)
    {
        if (!_weights.TryGetValue(name, out FloatTensor? weight))
            _weights.Add(name, weight = new FloatTensor(name, shape.ToEquatableArray(), EquatableArray.Create<float>(weights.Take(name, shape))));
        return weight;
    }

    /// <summary>The weight of a linear layer, outputs x inputs in the checkpoint, as a 1 x 1 kernel.</summary>
    public FloatTensor LinearWeight(string name, int outputs, int inputs) => Weight(name, outputs, inputs) with { Shape = [outputs, inputs, 1, 1] };

    /// <summary>A channel vector that PyTorch keeps as 1 x channels x 1 x 1, as the learned shifts of BBCU and BiSRNet.</summary>
    public FloatTensor Shift(string name, int channels) =>
        FloatTensor.Vector(name, [.. weights.Take(name, 1, channels, 1, 1)]);

    /// <summary>3x3 convolution with padding 1.</summary>
    public string Conv3x3(string name, string input, int from, int to, bool bias)
    {
        FloatTensor kernel = Weight(name + ".weight", to, from, 3, 3);
        return Append(name, new Conv2d(kernel, bias ? Weight(name + ".bias", to) : null, Window.Padded(1)), input);
    }

    /// <summary>Convolution with bias and the padding that keeps the size.</summary>
    /// <param name="name">Module path of the weights.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="from">Channels read.</param>
    /// <param name="to">Channels made.</param>
    /// <param name="size">Rows and columns of the kernel, odd.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="node">Name of the node where weights are used more than once; otherwise that of the weights.</param>
    public string Conv(string name, string input, int from, int to, int size, int groups = 1, string? node = null)
    {
        var conv = new Conv2d(Weight(name + ".weight", to, from / groups, size, size), Weight(name + ".bias", to), Window.Padded(size / 2), groups);
        return Append(node ?? name, conv, input);
    }

    /// <summary>
    /// 3x3 binary convolution of signs with padding 1, then the scale of each output channel, mean(abs(W[o])), and the bias if any:
    /// nodes <c>name</c> and <c>name.scale</c>.
    /// </summary>
    public string BinaryConv3x3(string name, string signs, int from, int to, bool bias) => BinaryConv(name, signs, from, to, 3, groups: 1, bias);

    /// <summary>As <see cref="BinaryConv3x3"/>, with an odd kernel of <paramref name="size"/> x <paramref name="size"/> that keeps the image's size.</summary>
    public string BinaryConv(string name, string signs, int from, int to, int size, int groups, bool bias = false)
    {
        float[] real = weights.Take(name + ".weight", to, from / groups, size, size);
        var scale = FloatTensor.Vector(name + ".scale", MeanMagnitudes(real, to));
        Append(name, new BinaryConv2d(BitTensor.FromSigns(name + ".weight", [to, from / groups, size, size], real), Window.Padded(size / 2), groups), signs);
        return Append(name + ".scale", new Affine(scale, bias ? Weight(name + ".bias", to) : null), name);
    }

    /// <summary>The network with one input of free size, <c>input</c>, and one output, <c>output</c>.</summary>
    public NetworkGraph Finish(string name, string description, int channels, string output) => Finish(name, description, [("input", channels)], output);

    /// <summary>The network with any inputs and outputs.</summary>
    public NetworkGraph Finish(string name, string description, IEnumerable<GraphInput> inputs, IEnumerable<GraphOutput> outputs) =>
        new(name, description, inputs.ToEquatableArray(), _nodes.ToEquatableArray(), outputs.ToEquatableArray());

    /// <summary>The network with inputs of one free size and one output, <c>output</c>.</summary>
    public NetworkGraph Finish(string name, string description, IEnumerable<(string Name, int Channels)> inputs, string output) => new(
        name, description,
        inputs.Select(i => new GraphInput(i.Name, new TensorShape(i.Channels, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)).ToEquatableArray(),
        _nodes.ToEquatableArray(),
        [new GraphOutput("output", output, SourceLocation.None)]);

    // Summed in double: the scale is the correctly rounded mean whatever the order of summation elsewhere.
    private static float[] MeanMagnitudes(float[] weights, int outputs)
    {
        int count = weights.Length / outputs;
        return [.. Enumerable.Range(0, outputs).Select(o => (float)(weights.AsSpan(o * count, count).ToArray().Sum(w => Math.Abs((double)w)) / count))];
    }
}

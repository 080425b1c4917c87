using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>Draws valid networks that use every operator with random properties, names and weights.</summary>
internal sealed class RandomGraphs
{
    private static readonly string[] Decorations = ["", " with space", "\"quoted\"", "\\", "ünï", "\u2028", "🙂", ".weight"];

    private readonly SplitMix _random;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, TensorShape> _shapes = [];
    private readonly List<string> _signs = [], _values = [];

    private RandomGraphs(ulong seed) => _random = new SplitMix(seed);

    public static NetworkGraph Draw(ulong seed) => new RandomGraphs(seed).Draw();

    private NetworkGraph Draw()
    {
        var shape = new TensorShape(_random.Pick(1, 3, 4, 8), Size("height"), Size("width"));
        string input = Name("input");
        Declare(input, shape, _values);
        for (int count = 1 + _random.Below(24); count > 0; count--) AddNode();
        var outputs = _values.Where(_ => _random.Chance(3)).DefaultIfEmpty(_values[^1]).Take(8)
            .Select((t, i) => new GraphOutput($"out{i}", t, SourceLocation.None));
        return new NetworkGraph(Name("net"), _random.Chance(2) ? "" : Name("description"), [new GraphInput(input, shape, SourceLocation.None)], _nodes.ToEquatableArray(), outputs.ToEquatableArray());
    }

    private Extent Size(string symbol) => _random.Chance(2) ? Extent.Symbol(symbol, 1 + _random.Below(4)) : Extent.Constant(8 + _random.Below(8));

    private string Name(string stem) => $"{stem}{_shapes.Count}.{_nodes.Count}{_random.Pick(Decorations)}";

    private void Declare(string name, TensorShape shape, List<string> kind)
    {
        _shapes.Add(name, shape);
        kind.Add(name);
    }

    private void AddNode()
    {
        string x = _values[_random.Below(_values.Count)], sign = _signs.Count > 0 ? _signs[_random.Below(_signs.Count)] : "";
        int channels = _shapes[x].Channels;
        (Operator Operator, string[] Inputs) drawn = _random.Below(36) switch
        {
            0 => (new Relu(), [x]),
            1 => (new LeakyRelu(_random.AnyFloat()), [x]),
            2 => (new PRelu(Vector(channels)), [x]),
            3 => (new RPRelu(Vector(channels), Vector(channels), Vector(channels)), [x]),
            4 => (new Affine(_random.Chance(3) ? null : Vector(channels), _random.Chance(3) ? null : Vector(channels)), [x]),
            5 => (new BatchNorm(Vector(channels), Vector(channels), Vector(channels), Vector(channels), _random.AnyFloat()), [x]),
            6 => (new Scale(_random.AnyFloat()), [x]),
            7 => (new Add(), [x, x]),
            8 => (new Subtract(), [x, x]),
            9 => (new Concat(), [.. Enumerable.Repeat(x, 1 + _random.Below(3))]),
            10 => (Select(channels), [x]),
            11 => (new ResizeNearest(1 + _random.Below(2)), [x]),
            12 => (new ResizeBilinear(1 + _random.Below(2)), [x]),
            13 => (new PixelShuffle(channels % 4 == 0 ? 2 : 1), [x]),
            14 => (Convolution(channels), [x]),
            17 => (new LayerNorm(Vector(channels), Vector(channels), _random.AnyFloat()), [x]),
            18 => (new AveragePool((1 + _random.Below(3), 1 + _random.Below(3)), Window(), _random.Chance(2)), [x]),
            19 => (new MaxPool((1 + _random.Below(3), 1 + _random.Below(3)), Window()), [x]),
            20 => (new GlobalAveragePool(), [x]),
            21 => (new Pad(_random.Below(3), _random.Below(3), _random.Below(3), _random.Below(3), _random.Pick(PadMode.Zero, PadMode.Reflect)), [x]),
            22 => (new PadToMultiple((1 + _random.Below(8), 1 + _random.Below(8)), _random.Pick(PadMode.Zero, PadMode.Reflect)), [x]),
            23 => (new Crop(_random.Below(2), _random.Below(2), _random.Below(2), _random.Below(2)), [x]),
            24 => (new CropLike(), [x, x]),
            25 => (new Shift([_random.Below(5) - 2], [.. Enumerable.Range(0, channels).Select(_ => _random.Below(5) - 2)]), [x]),
            26 => (_random.Chance(2) ? Resized(1 + _random.Below(9), 1 + _random.Below(9), 1, 1) : Resized(0, 0, 1 + _random.Below(3), 1 + _random.Below(3)), [x]),
            27 => (new ArgMax(), [x]),
            28 => (new Softmax(), [x]),
            29 => (new Multiply(), [x, x]),
            30 => (new Clip(-1, _random.Below(6)), [x]),
            31 => (new Sigmoid(), [x]),
            32 => (new HardSigmoid(_random.AnyFloat(), _random.AnyFloat()), [x]),
            33 => (new HardSwish(), [x]),
            34 => (new Gelu(), [x]),
            35 => (new Gate(Enumerable.Range(0, channels).Select(i => $"branch {i}").ToEquatableArray()), [x, .. Enumerable.Repeat(x, channels)]),
            15 when sign.Length > 0 => (Select(_shapes[sign].Channels), [sign]),
            16 when sign.Length > 0 => (BinaryConvolution(_shapes[sign].Channels), [sign]),
            _ => (new Sign(), [x]),
        };
        Append(drawn.Operator, drawn.Inputs);
    }

    // An operator that would make a tensor too large or empty is left out.
    private void Append(Operator @operator, string[] inputs)
    {
        InferredShape result = @operator.InferShape([.. inputs.Select(i => _shapes[i])]);
        if (result.Shape is not { Channels: <= 256 } shape || TooSmall(shape.Height) || TooSmall(shape.Width)) return;
        string name = Name(@operator.Kind);
        _nodes.Add(new Node(name, @operator, inputs.ToEquatableArray(), SourceLocation.None));
        bool isSign = @operator is Sign || (@operator is SelectChannels && _signs.Contains(inputs[0]));
        Declare(name, shape, isSign ? _signs : _values);
    }

    private static bool TooSmall(Extent extent) => extent is ConstantExtent { Value: < 1 or > 4096 };

    private FloatTensor Vector(int count) => FloatTensor.Vector(Name($"w{_random.Below(1000000)}"), [.. Enumerable.Range(0, count).Select(_ => _random.AnyFloat())]);

    private SelectChannels Select(int channels) => new([.. Enumerable.Range(0, 1 + _random.Below(8)).Select(_ => _random.Below(channels))]);

    private Resize Resized(int height, int width, int multiplier, int divisor) => new(
        height, width, multiplier, divisor, _random.Pick(ResizeMethod.Nearest, ResizeMethod.Bilinear, ResizeMethod.Bicubic),
        _random.Pick(ResizeCoordinates.HalfPixel, ResizeCoordinates.AlignCorners, ResizeCoordinates.Asymmetric));

    private Window Window() => new(
        1 + _random.Below(2), 1 + _random.Below(2), _random.Below(3), _random.Below(3), _random.Below(3), _random.Below(3), 1 + _random.Below(2), 1 + _random.Below(2));

    private (EquatableArray<int> Shape, int Groups) Kernel(int channels)
    {
        int groups = _random.Chance(3) ? channels : 1;
        return ([groups * (1 + _random.Below(4)), channels / groups, 1 + _random.Below(3), 1 + _random.Below(3)], groups);
    }

    private float[] Values(EquatableArray<int> shape) => [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => _random.AnyFloat())];

    private Conv2d Convolution(int channels)
    {
        (EquatableArray<int> shape, int groups) = Kernel(channels);
        var weight = new FloatTensor(Name($"k{_random.Below(1000000)}"), shape, EquatableArray.Adopt(Values(shape)));
        return new Conv2d(weight, _random.Chance(2) ? null : Vector(shape[0]), Window(), groups);
    }

    private BinaryConv2d BinaryConvolution(int channels)
    {
        (EquatableArray<int> shape, int groups) = Kernel(channels);
        return new BinaryConv2d(BitTensor.FromSigns(Name($"b{_random.Below(1000000)}"), shape, Values(shape)), Window(), groups);
    }
}

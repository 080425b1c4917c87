using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Tests.Gradients;

/// <summary>Every operator: values against the reference interpreter, gradients against finite differences of it.</summary>
public class OperatorGradientTests
{
    /// <summary>Kernel, window, groups, channels, size: rows of whole vectors and others, strides whose phases are uneven.</summary>
    public static TheoryData<string, int, int, int, int, int> Convolutions => new()
    {
        { "3x3 pad 1", 5, 9, 1, 6, 16 },
        { "3x3 pad 1", 8, 8, 1, 5, 7 },
        { "3x3 pad 1", 4, 6, 2, 4, 32 },
        { "3x3 pad 1", 2, 2, 1, 18, 48 },
        { "3x3 no pad", 3, 4, 1, 6, 18 },
        { "3x3 stride 2", 3, 5, 1, 7, 9 },
        { "3x3 stride 2", 2, 3, 1, 6, 32 },
        { "1x1", 4, 3, 1, 3, 5 },
        { "1x1 stride 2", 4, 3, 1, 5, 5 },
        { "7x7 stride 2", 2, 3, 1, 9, 10 },
        { "3x3 dilated", 3, 4, 1, 7, 8 },
        { "2x3 uneven", 3, 4, 1, 6, 7 },
        { "3x3 pad 1", 6, 6, 6, 5, 6 },
    };

    /// <summary>Operators that take one input and have their own channels.</summary>
    public static TheoryData<string> Elementwise => ["Affine", "Bias", "Relu", "LeakyRelu", "PRelu", "RPRelu", "Scale", "PixelShuffle", "SelectChannels", "ResizeNearest", "ResizeBilinear"];

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Convolution(string kind, int inputs, int outputs, int groups, int height, int width)
    {
        (int rows, int columns, Window window) = kind switch
        {
            "3x3 pad 1" => (3, 3, Window.Padded(1)),
            "3x3 no pad" => (3, 3, new Window()),
            "3x3 stride 2" => (3, 3, new Window(2, 2, 1, 1, 1, 1)),
            "1x1" => (1, 1, new Window()),
            "1x1 stride 2" => (1, 1, new Window(2, 2)),
            "7x7 stride 2" => (7, 7, new Window(2, 2, 3, 3, 3, 3)),
            "3x3 dilated" => (3, 3, new Window(1, 1, 2, 2, 2, 2, 2, 2)),
            _ => (2, 3, new Window(1, 2, 0, 2, 1, 0)),
        };
        var convolution = new Conv2d(TestNetworks.Random("weight", outputs, inputs / groups, rows, columns), TestNetworks.Random("bias", outputs), window, groups);
        using var check = new GradientCheck(TestNetworks.Chain(inputs, convolution), height, width);
        check.CheckForward(1e-5f * inputs * rows * columns);
        check.CheckGradients();
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Single_input(string kind)
    {
        Operator op = kind switch
        {
            "Affine" => new Affine(TestNetworks.Random("scale", 4), TestNetworks.Random("bias", 4)),
            "Bias" => new Affine(null, TestNetworks.Random("bias", 4)),
            "Relu" => new Relu(),
            "LeakyRelu" => new LeakyRelu(0.1f),
            "PRelu" => new PRelu(TestNetworks.Random("slope", 4)),
            "RPRelu" => new RPRelu(TestNetworks.Random("shift", 4), TestNetworks.Random("slope", 4), TestNetworks.Random("offset", 4)),
            "Scale" => new Scale(1.7f),
            "PixelShuffle" => new PixelShuffle(2),
            "SelectChannels" => new SelectChannels([3, 0, 0, 2, 3]),
            "ResizeNearest" => new ResizeNearest(3),
            _ => new ResizeBilinear(3),
        };
        using var check = new GradientCheck(TestNetworks.Chain(4, op), 5, 7);
        check.CheckForward(0);

        // A shift moves all pixels of a channel towards the bend at once, so only a small step passes few of them.
        check.CheckGradients(step: kind == "RPRelu" ? 1.0f / 512 : 1.0f / 64);
    }

    /// <summary>Operators of the other families; each by a name.</summary>
    public static TheoryData<string> Others =>
    [
        "LayerNorm", "AveragePool", "AveragePool with padding", "MaxPool", "GlobalAveragePool", "Pad", "Reflect", "PadToMultiple", "Crop", "Shift", "Shift far",
        "Bilinear", "Bicubic", "Nearest", "Corners", "Clip", "Sigmoid", "HardSigmoid", "HardSwish",
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_single_inputs(string kind)
    {
        Operator op = kind switch
        {
            "LayerNorm" => new LayerNorm(TestNetworks.Random("gamma", 4), TestNetworks.Random("beta", 4), 1e-5f),
            "AveragePool" => new AveragePool((2, 3), new Window(2, 1, 1, 1, 0, 1)),
            "AveragePool with padding" => new AveragePool((3, 3), new Window(2, 2, 1, 1, 1, 1), CountsPadding: true),
            "MaxPool" => new MaxPool((3, 3), new Window(2, 2, 1, 1, 1, 1)),
            "GlobalAveragePool" => new GlobalAveragePool(),
            "Pad" => new Pad(1, 0, 2, 3, PadMode.Zero),
            "Reflect" => new Pad(2, 1, 0, 3, PadMode.Reflect),
            "PadToMultiple" => new PadToMultiple((4, 4), PadMode.Reflect),
            "Crop" => new Crop(1, 0, 2, 3),
            "Shift" => new Shift([0, 1, -1, 2], [-1]),
            "Shift far" => new Shift([6, 0, 0, -9], [0, 8, -8, 0]),
            "Bilinear" => Resize.To(3, 4, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel),
            "Bicubic" => Resize.By(3, 2, ResizeMethod.Bicubic, ResizeCoordinates.HalfPixel),
            "Nearest" => Resize.To(8, 3, ResizeMethod.Nearest, ResizeCoordinates.Asymmetric),
            "Corners" => Resize.To(9, 9, ResizeMethod.Bilinear, ResizeCoordinates.AlignCorners),
            "Clip" => new Clip(-0.5f, 1),
            "Sigmoid" => new Sigmoid(),
            "HardSigmoid" => new HardSigmoid(1f / 3, 0.5f),
            _ => new HardSwish(),
        };
        using var check = new GradientCheck(TestNetworks.Chain(4, op), 6, 7);
        check.CheckForward(1e-5f);

        // A parabola looks like a bend where steps are large.
        check.CheckGradients(step: kind == "HardSwish" ? 1.0f / 256 : 1.0f / 64);
    }

    [Fact]
    public void Products_and_sizes_of_other_tensors()
    {
        NetworkGraph graph = TestNetworks.Graph(
            2, ("padded", new PadToMultiple((4, 4), PadMode.Zero), ["input"]), ("square", new Multiply(), ["padded", "padded"]), ("cut", new CropLike(), ["square", "input"]),
            ("product", new Multiply(), ["cut", "input"]));
        using var check = new GradientCheck(graph, 6, 7);
        check.CheckForward(1e-5f);
        check.CheckGradients(tolerance: 5e-3f);
    }

    [Fact]
    public void Values_read_several_times_sum_their_gradients()
    {
        NetworkGraph graph = TestNetworks.Graph(
            3,
            ("a", new Affine(TestNetworks.Random("scale", 3), null), ["input"]),
            ("b", new Conv2d(TestNetworks.Random("weight", 3, 3, 3, 3), null, Window.Padded(1)), ["a"]),
            ("c", new Subtract(), ["b", "a"]),
            ("d", new Concat(), ["c", "a", "input"]),
            ("e", new SelectChannels([0, 4, 8]), ["d"]),
            ("f", new Add(), ["e", "e"]),
            ("unread", new Scale(3), ["a"]),
            ("g", new Subtract(), ["f", "a"]));
        using var check = new GradientCheck(graph, 6, 16, images: 3, threads: 2);
        check.CheckForward(1e-5f);
        check.CheckGradients();
    }

    [Fact]
    public void A_convolution_read_by_two_phases_adds_to_what_is_there()
    {
        Conv2d Half(string name) => new(TestNetworks.Random(name, 2, 2, 1, 1), null, new Window(2, 2));
        NetworkGraph graph = TestNetworks.Graph(2, ("a", Half("first"), ["input"]), ("b", Half("second"), ["input"]), ("c", new Add(), ["a", "b"]));
        using var check = new GradientCheck(graph, 5, 6);
        check.CheckForward(1e-5f);
        check.CheckGradients();
    }
}

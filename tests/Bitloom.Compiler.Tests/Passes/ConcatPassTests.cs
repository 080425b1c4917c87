using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
using Xunit;
using static Bitloom.Compiler.Tests.Descriptors.Samples;

namespace Bitloom.Compiler.Tests.Passes;

/// <summary>What passes make of channels that are chosen and joined; the graphs before are those of the passes' own headers.</summary>
public sealed class ConcatPassTests
{
    [Fact]
    public void AChoiceOfAPartReadsThePart()
    {
        NetworkGraph graph = LookThroughSelectionsPass.Run(Network(
            Node("relu", new Relu(), "input"),
            Node("both", new Concat(), "input", "relu"),
            Node("second", SelectChannels.Slice(4, 4), "both"),
            Node("result", new LeakyRelu(0.5f), "second")));
        Assert.Equal(["relu", "result"], graph.Nodes.Select(n => n.Name));
        Assert.Equal(["relu"], graph.Nodes[1].Inputs);
    }

    [Fact]
    public void AChoiceOfAChoiceIsOne()
    {
        NetworkGraph graph = LookThroughSelectionsPass.Run(Network(
            Node("reversed", new SelectChannels([3, 2, 1, 0]), "input"), Node("result", SelectChannels.Slice(1, 2), "reversed")));
        Assert.Equal(new SelectChannels([2, 1]), Assert.Single(graph.Nodes).Operator);
    }

    [Fact]
    public void UnitsOfEqualFormBecomeOneInGroups()
    {
        NetworkGraph graph = JoinUnitsPass.Run(Network([.. Unit("a", "input", 3), .. Unit("b", "input", 3), Node("result", new Concat(), "a", "b")]));
        BinaryConv2d conv = Assert.Single(graph.Nodes.Select(n => n.Operator).OfType<BinaryConv2d>());
        Assert.Equal(2, conv.Groups);
        Assert.Equal([8, 4, 3, 3], conv.Weight.Shape);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f], graph.Nodes.Select(n => n.Operator).OfType<Affine>().Last().Scale!.Values);
        Node sum = graph.Nodes[^1];
        Assert.Equal(("result", new Add()), (sum.Name, sum.Operator));
        Assert.Equal(new SelectChannels([0, 1, 2, 3, 0, 1, 2, 3]), graph.Nodes.Single(n => n.Name == sum.Inputs[1]).Operator);
        Assert.Equal(["a.sign", "b.sign"], graph.Nodes.Single(n => n.Operator is Concat).Inputs);
    }

    [Fact]
    public void UnitsOfDifferentFormStay()
    {
        NetworkGraph graph = Network([.. Unit("a", "input", 3), .. Unit("b", "input", 1), Node("result", new Concat(), "a", "b")]);
        Assert.Equal(graph, JoinUnitsPass.Run(graph));
    }

    [Fact]
    public void AUnitThatIsReadElsewhereStays()
    {
        NetworkGraph graph = Network([.. Unit("a", "input", 3), .. Unit("b", "input", 3), Node("both", new Concat(), "a", "b"), Node("result", new Concat(), "both", "a")]);
        Assert.Equal(graph, JoinUnitsPass.Run(graph));
    }

    [Fact]
    public void SignsOfBothHalvesAreSlicesOfTheSignsOfTheWhole()
    {
        NetworkGraph graph = JoinSignsPass.Run(Network(
            Node("first", SelectChannels.Slice(0, 2), "input"),
            Node("second", SelectChannels.Slice(2, 2), "input"),
            Node("shift", new Affine(null, FloatTensor.Vector("t", 1, 2)), "second"),
            Node("second.sign", new Sign(), "shift"),
            Node("first.sign", new Sign(), "first"),
            Node("conv1", Conv(2, 1), "first.sign"),
            Node("conv2", Conv(2, 1), "second.sign"),
            Node("result", new Add(), "conv1", "conv2")));
        Assert.Single(graph.Nodes, n => n.Operator is Sign);
        Affine affine = Assert.IsType<Affine>(graph.Nodes.Single(n => n.Operator is Affine).Operator);
        Assert.Null(affine.Scale);
        Assert.Equal([0f, 0, 1, 2], affine.Bias!.Values);
        Assert.Equal(SelectChannels.Slice(2, 2), graph.Nodes.Single(n => n.Name == "second.sign").Operator);
        Assert.True(ShapeInference.Infer(graph).Succeeded);
    }

    [Fact]
    public void SignsOfHalfATensorStay()
    {
        NetworkGraph graph = Network(
            Node("first", SelectChannels.Slice(0, 2), "input"),
            Node("second", SelectChannels.Slice(2, 2), "input"),
            Node("sign", new Sign(), "first"),
            Node("conv", Conv(2, 1), "sign"),
            Node("result", new Add(), "conv", "second"));
        Assert.Equal(graph, JoinSignsPass.Run(graph));
    }

    [Fact]
    public void ElementwiseWorkMovesIntoTheParts()
    {
        NetworkGraph graph = SpreadOverConcatPass.Run(Network(
            Node("a", new Relu(), "input"),
            Node("b", new LeakyRelu(0.5f), "input"),
            Node("both", new Concat(), "a", "b"),
            Node("result", new LeakyRelu(0.25f), "both"),
            Node("after", new Relu(), "result")));
        Assert.Equal(new Concat(), graph.Nodes.Single(n => n.Name == "result").Operator);
        Assert.Equal(["result.part_0", "result.part_1"], graph.Nodes.Single(n => n.Name == "result").Inputs);
        Assert.DoesNotContain(graph.Nodes, n => n.Name == "both");
    }

    [Fact]
    public void SignsOfAConcatenationAreAConcatenationOfSigns()
    {
        NetworkGraph graph = SpreadOverConcatPass.Run(Network(
            Node("a", new Relu(), "input"),
            Node("both", new Concat(), "a", "input"),
            Node("shift", new Affine(null, FloatTensor.Vector("t", 1, 2, 3, 4, 5, 6, 7, 8)), "both"),
            Node("sign", new Sign(), "shift"),
            Node("conv", Conv(8, 3), "sign"),
            Node("result", new Add(), "conv", "both")));
        Assert.Equal(new Concat(), graph.Nodes.Single(n => n.Name == "sign").Operator);
        Assert.All(graph.Nodes.Single(n => n.Name == "sign").Inputs, part => Assert.IsType<Sign>(graph.Nodes.Single(n => n.Name == part).Operator));
        Assert.Equal([5f, 6, 7, 8], graph.Nodes.Select(n => n.Operator).OfType<Affine>().Last().Bias!.Values);
    }

    [Fact]
    public void SignsStayWhereTheyAreReadInPlaceAndSinkWhereTheyAreNot()
    {
        NetworkGraph view = Network(Node("sign", new Sign(), "input"), Node("half", SelectChannels.Slice(2, 2), "sign"), Node("result", Conv(2, 1), "half"));
        Assert.Equal(view, SinkSignPass.Run(view));
        NetworkGraph copy = Network(Node("sign", new Sign(), "input"), Node("half", new SelectChannels([3, 1]), "sign"), Node("result", Conv(2, 1), "half"));
        Assert.Equal(["half.before_sign", "half", "result"], SinkSignPass.Run(copy).Nodes.Select(n => n.Name));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(1, false)]
    public void APadVanishesWhereEverySizeIsAMultiple(int multiple, bool vanishes)
    {
        var input = new GraphInput("input", new TensorShape(4, Extent.Symbol("height", multiple), Extent.Symbol("width", multiple)), SourceLocation.None);
        NetworkGraph graph = Network(Node("pad", new PadToMultiple((8, 4), PadMode.Reflect), "input"), Node("result", new Relu(), "pad")) with { Inputs = [input] };
        Assert.Equal(vanishes, RemoveIdentityBordersPass.Run(graph).Nodes.All(n => n.Operator is Relu));
    }

    private static Node[] Unit(string name, string input, int size) =>
    [
        Node(name + ".move", new Affine(null, FloatTensor.Vector(name + ".t", 1, 2, 3, 4)), input),
        Node(name + ".sign", new Sign(), name + ".move"),
        Node(name + ".conv", Conv(4, size), name + ".sign"),
        Node(name + ".scale", new Affine(FloatTensor.Vector(name + ".s", 0.5f, 0.5f, 0.5f, 0.5f), null), name + ".conv"),
        Node(name, new Add(), name + ".scale", input),
    ];

    private static BinaryConv2d Conv(int channels, int size) => new(
        BitTensor.FromSigns("bits", [channels, channels, size, size], new float[channels * channels * size * size]), Window.Padded(size / 2));
}

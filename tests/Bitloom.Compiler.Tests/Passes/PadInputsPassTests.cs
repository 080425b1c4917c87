using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
using Xunit;
using static Bitloom.Compiler.Tests.Descriptors.Samples;

namespace Bitloom.Compiler.Tests.Passes;

/// <summary>Padding moves from behind a 1 x 1 convolution of inputs to before it.</summary>
public sealed class PadInputsPassTests
{
    private static readonly PadToMultiple s_pad = new((8, 8), PadMode.Reflect);
    private static readonly Conv2d s_conv = new(new FloatTensor("weight", [4, 4, 1, 1], new float[16].ToEquatableArray()), null, new Window());

    [Fact]
    public void InputsAreReflectedInsteadOfTheResult()
    {
        NetworkGraph graph = PadInputsPass.Run(Network(Node("conv", s_conv, "input"), Node("pad", s_pad, "conv"), Node("relu", new Relu(), "pad"), Node("result", new CropLike(), "relu", "conv")));
        Assert.Equal(["pad", "conv", "relu", "result"], graph.Nodes.Select(n => n.Name));
        Assert.Equal([["input"], ["pad"], ["conv"], ["relu", "input"]], graph.Nodes.Select(n => n.Inputs.ToArray()));
    }

    [Theory]
    [InlineData("the convolution's values are read elsewhere")]
    [InlineData("the convolution reads no input")]
    [InlineData("zeros are added")]
    public void OthersStay(string why)
    {
        bool isDeep = why == "the convolution reads no input";
        NetworkGraph graph = Network(
            Node("before", new Relu(), "input"),
            Node("conv", s_conv, isDeep ? "before" : "input"),
            Node("pad", s_pad with { Mode = why == "zeros are added" ? PadMode.Zero : PadMode.Reflect }, "conv"),
            Node("cut", new CropLike(), "pad", "conv"),
            Node("result", new Add(), "cut", why == "the convolution's values are read elsewhere" ? "conv" : "before"));
        Assert.Same(graph, PadInputsPass.Run(graph));
    }
}

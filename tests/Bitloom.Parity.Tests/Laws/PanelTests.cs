using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Convolutions over panels of images of a fixed size agree with the interpreter, in whichever way they are cut.</summary>
public sealed class PanelTests
{
    private const double Tolerance = 3e-5;

    /// <summary>Few pixels and many terms: lanes are output channels, and sums go on from one slice of input channels to the next.</summary>
    [Theory]
    [InlineData(257, 64, 1, 1, 7, 7)]
    [InlineData(300, 79, 1, 1, 5, 9)]
    [InlineData(384, 31, 1, 2, 8, 9)]
    [InlineData(29, 130, 3, 1, 7, 7)]
    [InlineData(43, 40, 3, 2, 13, 14)]
    [InlineData(57, 80, 3, 2, 29, 27)]
    [InlineData(11, 40, 5, 1, 4, 5)]
    [InlineData(6, 30, 12, 3, 20, 20)]
    public void Small_images_are_computed_in_slices(int inputs, int outputs, int kernel, int stride, int height, int width)
    {
        NetworkCase network = Network(inputs, outputs, kernel, stride, height, width);
        PanelLayout layout = LayoutOf(network);
        Assert.Equal(PanelLanes.Outputs, layout.Lanes);
        Assert.InRange(layout.MostInputs, 1, inputs - 1);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    [Theory]
    [InlineData(256, 40, 1, 1, 7, 7, PanelLanes.Outputs)]
    [InlineData(520, 70, 1, 1, 1, 1, PanelLanes.Outputs)]
    [InlineData(48, 33, 3, 1, 3, 4, PanelLanes.Outputs)]
    [InlineData(300, 24, 1, 1, 16, 17, PanelLanes.Pixels)]
    [InlineData(40, 24, 3, 2, 45, 33, PanelLanes.Pixels)]
    public void Others_are_computed_at_once(int inputs, int outputs, int kernel, int stride, int height, int width, PanelLanes lanes)
    {
        NetworkCase network = Network(inputs, outputs, kernel, stride, height, width);
        PanelLayout layout = LayoutOf(network);
        Assert.Equal((lanes, inputs), (layout.Lanes, layout.MostInputs));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    private static PanelLayout LayoutOf(NetworkCase network) =>
        Assert.IsAssignableFrom<PanelSource>(Assert.Single(BloomCompiler.MakePlan(network.Graph).Value!.Steps.OfType<FlatStep>()).Source).Layout;

    // convolution with bias -> ReLU, of planes: a 1 x 1 convolution would pack an input from the caller's memory, so a pooling stands between.
    private static NetworkCase Network(int inputs, int outputs, int kernel, int stride, int height, int width)
    {
        var values = new RandomValues(inputs + outputs + width, isShort: false);
        var draft = new GraphDraft();
        string image = draft.Input("input", new TensorShape(inputs, Extent.Constant(height), Extent.Constant(width)));
        int pad = kernel / 2;
        FloatTensor weight = values.Kernel(draft.WeightName("weight"), outputs, inputs, kernel, kernel);
        var conv = new Conv2d(weight, values.Vector(draft.WeightName("bias"), outputs, () => values.Shift(0.5)), new Window(stride, stride, pad, pad, pad, pad));
        string pooled = draft.Add(new MaxPool((1, 1), new Window()), image);
        return new NetworkCase(
            FormattableString.Invariant($"{kernel} x {kernel} at every {stride}, {inputs} -> {outputs} at {height} x {width}"),
            draft.Finish("panels", draft.Add(new Relu(), draft.Add(conv, pooled))),
            new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(inputs, height, width) });
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>
/// Convolutions with enough channels are computed by Winograd's method: at any size, with anything before and behind them, they
/// agree with the direct sums of the interpreter.
/// </summary>
public sealed class WinogradTests
{
    // Two layers of some hundred terms, each a few roundings longer than a direct sum.
    private const double Tolerance = 3e-5;

    [Theory]
    [InlineData(16, 16, 1, 1)]
    [InlineData(16, 17, 3, 65)]
    [InlineData(17, 40, 5, 64)]
    [InlineData(33, 16, 8, 130)]
    [InlineData(64, 64, 7, 63)]
    [InlineData(20, 23, 66, 9)]
    [InlineData(130, 18, 6, 20)]
    [InlineData(16, 16, 7, 7)]
    [InlineData(16, 24, 14, 14)]
    [InlineData(18, 16, 29, 28)]
    [InlineData(16, 16, 33, 1)]
    [InlineData(16, 16, 12, 56)]
    [InlineData(32, 32, 1, 1)]
    [InlineData(40, 48, 10, 230)]
    [InlineData(32, 70, 5, 331)]
    [InlineData(128, 32, 3, 130)]
    public void Two_layers_agree_with_the_interpreter(int inputs, int between, int height, int width)
    {
        NetworkCase network = Draw(inputs, between, height, width);
        Assert.Equal(2, PassList.Lower(network.Graph, CancellationToken.None).Nodes.Count(n => n.Operator is WinogradConv2d));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    /// <summary>All that an epilogue may hold is done by the kernel itself, on its way into the larger planes.</summary>
    [Theory]
    [InlineData(20, 2, 5, 9)]
    [InlineData(20, 2, 8, 64)]
    [InlineData(18, 3, 3, 70)]
    [InlineData(18, 3, 14, 7)]
    [InlineData(36, 2, 5, 9)]
    [InlineData(36, 2, 9, 300)]
    [InlineData(36, 3, 3, 70)]
    [InlineData(72, 3, 14, 7)]
    public void Epilogues_and_pixel_shuffles_are_fused(int channels, int factor, int height, int width)
    {
        var values = new RandomValues((factor * 1000) + width, isShort: false);
        var draft = new GraphDraft();
        string image = draft.Input("input", channels);
        string sums = draft.Add(Convolution(draft, values, channels, channels, hasBias: true), image);
        string scaled = draft.Add(new Affine(values.Vector("scale", channels, values.Factor), values.Vector("offset", channels, () => values.Shift(1))), draft.Add(new PRelu(values.Vector("slope", channels, values.Factor)), sums));
        string shuffled = draft.Add(new PixelShuffle(factor), draft.Add(new Subtract(), image, draft.Add(new Relu(), scaled)));
        var network = new NetworkCase(
            $"epilogue at {height} x {width}", draft.Finish("epilogue", shuffled), new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(channels, height, width) });

        Plan plan = BloomCompiler.MakePlan(network.Graph).Value!;
        FlatStep step = Assert.Single(plan.Steps.OfType<FlatStep>());
        Assert.IsType(channels < 32 ? typeof(WinogradSource) : typeof(WinogradPatchSource), step.Source);
        Assert.Equal((5, factor), (step.Epilogue.Operations.Count, step.Epilogue.Shuffle?.Factor));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    /// <summary>Of a fixed size, with channels that fill vectors or not, in one block or many.</summary>
    [Theory]
    [InlineData(32, 32, 12, 12)]
    [InlineData(32, 40, 14, 14)]
    [InlineData(64, 33, 11, 13)]
    [InlineData(70, 96, 14, 16)]
    [InlineData(36, 130, 9, 10)]
    [InlineData(64, 64, 28, 27)]
    [InlineData(128, 64, 21, 30)]
    [InlineData(33, 64, 4, 62)]
    [InlineData(32, 64, 61, 5)]
    [InlineData(256, 32, 56, 8)]
    public void Images_of_fixed_size_agree_with_the_interpreter(int inputs, int between, int height, int width)
    {
        NetworkCase network = Draw(inputs, between, height, width, isFixed: true);
        Assert.Equal(2, BloomCompiler.MakePlan(network.Graph).Value!.Steps.OfType<FlatStep>().Count(s => s.Source is WinogradPatchSource));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    [Fact]
    public void Few_channels_are_computed_directly()
    {
        NetworkCase network = Draw(15, 15, 4, 4);
        Assert.DoesNotContain(PassList.Lower(network.Graph, CancellationToken.None).Nodes, n => n.Operator is WinogradConv2d);
    }

    // convolution with bias -> leaky ReLU -> convolution back to the input's channels -> + input; the middle is an output too.
    private static NetworkCase Draw(int inputs, int between, int height, int width, bool isFixed = false)
    {
        var values = new RandomValues((inputs * 1000) + between, isShort: false);
        var draft = new GraphDraft();
        string image = isFixed ? draft.Input("input", new TensorShape(inputs, Extent.Constant(height), Extent.Constant(width))) : draft.Input("input", inputs);
        string middle = draft.Add(new LeakyRelu(0.1f), draft.Add(Convolution(draft, values, inputs, between, hasBias: true), image));
        string sum = draft.Add(new Add(), draft.Add(Convolution(draft, values, between, inputs, hasBias: false), middle), image);
        return new NetworkCase(
            $"Winograd {inputs} -> {between} at {height} x {width}",
            draft.Finish("winograd", middle, sum),
            new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(inputs, height, width) });
    }

    private static Conv2d Convolution(GraphDraft draft, RandomValues values, int inputs, int outputs, bool hasBias) => new(
        values.Kernel(draft.WeightName("weight"), outputs, inputs, 3, 3),
        hasBias ? values.Vector(draft.WeightName("bias"), outputs, () => values.Shift(0.5)) : null,
        Window.Padded(1));
}

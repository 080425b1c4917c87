using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
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
    public void Two_layers_agree_with_the_interpreter(int inputs, int between, int height, int width)
    {
        NetworkCase network = Draw(inputs, between, height, width);
        Assert.Equal(2, PassList.Lower(network.Graph, CancellationToken.None).Nodes.Count(n => n.Operator is WinogradConv2d));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    [Fact]
    public void Few_channels_are_computed_directly()
    {
        NetworkCase network = Draw(15, 15, 4, 4);
        Assert.DoesNotContain(PassList.Lower(network.Graph, CancellationToken.None).Nodes, n => n.Operator is WinogradConv2d);
    }

    // convolution with bias -> leaky ReLU -> convolution back to the input's channels -> + input; the middle is an output too.
    private static NetworkCase Draw(int inputs, int between, int height, int width)
    {
        var values = new RandomValues((inputs * 1000) + between, isShort: false);
        var draft = new GraphDraft();
        string image = draft.Input("input", inputs);
        string middle = draft.Add(new LeakyRelu(0.1f), draft.Add(Convolution(draft, values, inputs, between, hasBias: true), image));
        string sum = draft.Add(new Add(), draft.Add(Convolution(draft, values, between, inputs, hasBias: false), middle), image);
        return new NetworkCase(
            $"Winograd {inputs} -> {between} at {height} x {width}",
            draft.Finish("winograd", middle, sum),
            new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(inputs, height, width) });
    }

    private static Conv2d Convolution(GraphDraft draft, RandomValues values, int inputs, int outputs, bool hasBias) => new(
        new FloatTensor(draft.WeightName("weight"), [outputs, inputs, 3, 3], Enumerable.Range(0, outputs * inputs * 9).Select(_ => values.Weight(inputs * 9)).ToEquatableArray()),
        hasBias ? values.Vector(draft.WeightName("bias"), outputs, () => values.Shift(0.5)) : null,
        Window.Padded(1));
}

using Bitloom.Compiler;
using Bitloom.Compiler.Emission;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Binary convolutions that count four outputs at once give the interpreter's sums to the bit, at every width and thread count.</summary>
public sealed class QuartetTests
{
    // Sums in 16 bits, even and odd, halves of sums, sums and counts in 8 bits; one and several groups; margins that a kernel of five wide reaches.
    [Theory]
    [InlineData(64, 64, 3, 1, 0.5)]
    [InlineData(64, 64, 3, 1, 0.55)]
    [InlineData(28, 28, 3, 1, 0.5)]
    [InlineData(28, 28, 3, 1, 0.4)]
    [InlineData(57, 12, 3, 1, 0.5)]
    [InlineData(114, 40, 3, 2, 0.5)]
    [InlineData(21, 32, 5, 1, 0.5)]
    [InlineData(224, 32, 1, 1, 0.5)]
    [InlineData(243, 36, 1, 1, 0.45)]
    [InlineData(12, 12, 3, 1, 0.5)]
    [InlineData(6, 4, 3, 1, 0.5)]
    [InlineData(140, 8, 3, 1, 0.5)]
    public void Four_outputs_are_counted_at_once(int inputs, int outputs, int kernel, int groups, double positive)
    {
        NetworkCase network = Network(inputs, outputs, kernel, groups, positive);
        Assert.Equal(BinaryMethod.Quartets, MethodOf(network));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), 0));
    }

    /// <summary>Weights that are mostly of one sign would be mostly exceptions; outputs that do not come in fours cannot be counted so.</summary>
    [Theory]
    [InlineData(64, 64, 3, 0.95)]
    [InlineData(64, 30, 3, 0.5)]
    [InlineData(28, 28, 1, 0.5)]
    public void Others_share_carries(int inputs, int outputs, int kernel, double positive)
    {
        NetworkCase network = Network(inputs, outputs, kernel, groups: 1, positive);
        Assert.Equal(BinaryMethod.Carries, MethodOf(network));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), 0));
    }

    private static BinaryMethod MethodOf(NetworkCase network) =>
        BinaryMethods.Of(Assert.Single(network.Graph.Nodes.Select(n => n.Operator).OfType<BinaryConv2d>())).Method;

    private static NetworkCase Network(int inputs, int outputs, int kernel, int groups, double positive)
    {
        var random = new Random(inputs + outputs);
        var values = new RandomValues(inputs + outputs, isShort: true);
        var draft = new GraphDraft();
        string image = draft.Input("input", new TensorShape(inputs, Extent.Symbol("height"), Extent.Symbol("width")));
        float[] weights = [.. Enumerable.Range(0, outputs * (inputs / groups) * kernel * kernel).Select(_ => random.NextDouble() < positive ? 1f : -1f)];
        BitTensor bits = BitTensor.FromSigns("bits", new[] { outputs, inputs / groups, kernel, kernel }.ToEquatableArray(), weights);
        FloatTensor Vector(string name, Func<float> draw) => values.Vector(draft.WeightName(name), outputs, draw);
        string sums = draft.Add(new BinaryConv2d(bits, Window.Padded(kernel / 2), groups), draft.Add(new Sign(), image));
        string scaled = draft.Add(new Affine(Vector("scale", values.Factor), Vector("bias", () => values.Shift(1))), sums);
        return new NetworkCase(
            FormattableString.Invariant($"{kernel} x {kernel}, {inputs} -> {outputs} in {groups} groups, {positive} positive"),
            draft.Finish("quartets", draft.Add(new PRelu(Vector("slope", values.Factor)), scaled)),
            new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(inputs, 9, 71) });
    }
}

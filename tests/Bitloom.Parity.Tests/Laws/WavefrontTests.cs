using Bitloom.Compiler;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>On large images binary layers run depth first over chunks; the results are those of layer after layer, bit for bit.</summary>
public sealed class WavefrontTests
{
    [Theory]
    [InlineData(640, 420)]
    [InlineData(70, 4100)]
    public void Large_images_agree_with_the_interpreter_bit_for_bit(int height, int width)
    {
        const int channels = 8;
        var values = new RandomValues(height, isShort: true);
        var draft = new GraphDraft();
        string x = draft.Input("input", channels);
        for (int unit = 0; unit < 5; unit++)
        {
            string shifted = draft.Add(new Affine(null, values.Vector(draft.WeightName("threshold"), channels, () => values.Shift(1))), x);
            string sums = draft.Add(new BinaryConv2d(values.Bits(draft.WeightName("bits"), channels, channels, 3, 3), Window.Padded(1)), draft.Add(new Sign(), shifted));
            string bent = draft.Add(new PRelu(values.Vector(draft.WeightName("slope"), channels, values.Factor)), sums);
            x = draft.Add(new Add(), bent, x);
        }

        var network = new NetworkCase("wavefront", draft.Finish("wavefront", x), new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(channels, height, width) });
        Plan plan = BloomCompiler.MakePlan(network.Graph).Value!;
        Assert.Equal(6, Assert.Single(plan.Wavefronts).Count);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), 0));
    }
}

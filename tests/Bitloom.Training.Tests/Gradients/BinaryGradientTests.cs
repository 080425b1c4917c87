using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Gradients;

/// <summary>Surrogates by their formulas; binary convolutions by the full-precision convolution of their signs and scales.</summary>
public class BinaryGradientTests
{
    [Theory]
    [InlineData(Surrogate.Clip)]
    [InlineData(Surrogate.Quad)]
    [InlineData(Surrogate.ScalableTanh)]
    public void Signs_pass_their_surrogates_derivative(Surrogate surrogate)
    {
        var settings = new TrainingSettings { Surrogate = surrogate };
        NetworkGraph graph = TestNetworks.Graph(1, ("sign", new Sign(), ["input"]));
        using var parameters = ParameterSet.Create([graph], settings);
        const float alpha = 1.3f;
        if (surrogate == Surrogate.ScalableTanh) parameters.ValuesOf("sign.beta")[0] = alpha;
        using var network = new TrainingNetwork(graph, parameters, settings, new TrainingShape(1, 5, 5) { KeepsInputGradients = true });
        Span<float> x = network.Input("input"), g = network.OutputGradient;
        for (int i = 0; i < x.Length; i++) (x[i], g[i]) = ((i - 12) / 8f, 1 + (i * 0.1f));
        network.Forward();
        network.Backward();

        double alphaGradient = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double tanh = Math.Tanh(alpha * x[i]), wanted = surrogate switch
            {
                Surrogate.Clip => Math.Abs(x[i]) <= 1 ? 1 : 0,
                Surrogate.Quad => Math.Max(0, 2 - (2 * Math.Abs(x[i]))),
                _ => alpha * (1 - (tanh * tanh)),
            };
            alphaGradient += g[i] * x[i] * (1 - (tanh * tanh));
            Assert.Equal(x[i] >= 0 ? 1f : -1f, network.Output[i]);
            Assert.Equal(wanted * g[i], network.InputGradient("input")[i], 1e-5);
        }

        if (surrogate == Surrogate.ScalableTanh) Assert.Equal(alphaGradient, parameters.GradientsOf("sign.beta")[0], 1e-4);
        else Assert.Empty(parameters.All);
    }

    [Theory]
    [InlineData(4, 1, 6, 16)]
    [InlineData(4, 1, 2, 16)]
    [InlineData(12, 1, 7, 32)]
    [InlineData(6, 1, 3, 16)]
    [InlineData(4, 2, 5, 7)]
    public void Binary_convolution_is_the_convolution_of_scaled_signs(int channels, int groups, int height, int width)
    {
        float[] latent = [.. TestNetworks.Random("latent", channels, channels / groups, 3, 3).Values.Select(v => v * 1.5f)];
        int perOutput = latent.Length / channels;
        float[] scales = [.. Enumerable.Range(0, channels).Select(o => (float)latent.Skip(o * perOutput).Take(perOutput).Average(v => (double)Math.Abs(v)))];
        float[] effective = [.. latent.Select((v, i) => scales[i / perOutput] * (v >= 0 ? 1 : -1))];
        EquatableArray<int> shape = [channels, channels / groups, 3, 3];
        FloatTensor bias = TestNetworks.Random("bias", channels);
        NetworkGraph binary = TestNetworks.Chain(
            channels, new Sign(), new BinaryConv2d(BitTensor.FromSigns("weight", shape, latent), Window.Padded(1), groups), new Affine(FloatTensor.Vector("s", scales), bias));
        NetworkGraph plain = TestNetworks.Chain(channels, new Conv2d(new FloatTensor("weight", shape, [.. effective]), bias, Window.Padded(1), groups));

        var settings = new TrainingSettings { Surrogate = Surrogate.Clip };
        using var binaryParameters = ParameterSet.Create([binary], settings, [new NamedTensor("weight", shape, latent)]);
        using var plainParameters = ParameterSet.Create([plain], settings);
        var size = new TrainingShape(2, height, width) { KeepsInputGradients = true };
        using var binaryNetwork = new TrainingNetwork(binary, binaryParameters, settings, size);
        using var plainNetwork = new TrainingNetwork(plain, plainParameters, settings, size);
        var random = new CounterRandom(9);
        for (int i = 0; i < binaryNetwork.Input("input").Length; i++)
        {
            float x = (float)((random.NextUniform() * 3) - 1.5);
            (binaryNetwork.Input("input")[i], plainNetwork.Input("input")[i]) = (x, x >= 0 ? 1 : -1);
        }

        for (int i = 0; i < binaryNetwork.Output.Length; i++)
            binaryNetwork.OutputGradient[i] = plainNetwork.OutputGradient[i] = (float)random.NextNormal();
        foreach (TrainingNetwork network in (TrainingNetwork[])[binaryNetwork, plainNetwork])
        {
            network.Forward();
            network.Backward();
        }

        AssertEqual(TestNetworks.Interpret(binaryNetwork.ToNetworkGraph(), binaryNetwork, 2), binaryNetwork.Output, 0);
        AssertEqual(plainParameters.GradientsOf("bias"), binaryParameters.GradientsOf("bias"), 1e-4f);
        AssertEqual([.. plainParameters.GradientsOf("weight").ToArray().Select((g, i) => Math.Abs(latent[i]) <= 1 ? g : 0)], binaryParameters.GradientsOf("weight"), 1e-4f);
        float[] inputs = binaryNetwork.Input("input").ToArray();
        AssertEqual([.. plainNetwork.InputGradient("input").ToArray().Select((g, i) => Math.Abs(inputs[i]) <= 1 ? g : 0)], binaryNetwork.InputGradient("input"), 1e-4f);
    }

    [Fact]
    public void Without_a_checkpoint_real_weights_start_at_sign_times_scale()
    {
        NetworkGraph graph = TestNetworks.Chain(
            1, new Sign(), new BinaryConv2d(BitTensor.FromSigns("weight", [2, 1, 1, 2], [1, -1, -1, -1]), new Window()), new Affine(FloatTensor.Vector("s", 0.5f, 3), null));
        using var parameters = ParameterSet.Create([graph], new TrainingSettings());
        Assert.Equal([0.5f, -0.5f, -3, -3], parameters.ValuesOf("weight").ToArray());
        Assert.Equal(["weight"], parameters.All.Select(p => p.Name));
    }

    private static void AssertEqual(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found, float tolerance)
    {
        Assert.Equal(wanted.Length, found.Length);
        for (int i = 0; i < wanted.Length; i++) Assert.InRange(found[i], wanted[i] - tolerance, wanted[i] + tolerance);
    }
}

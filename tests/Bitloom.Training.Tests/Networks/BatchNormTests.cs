using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;
using Bitloom.Training.Tests.Gradients;

namespace Bitloom.Training.Tests.Networks;

/// <summary>Batch normalisation: by the batch in training, by running statistics afterwards.</summary>
public class BatchNormTests
{
    private const float Epsilon = 1e-5f;

    private static BatchNorm Norm(string name, int channels) => new(
        TestNetworks.Random(name + ".gamma", channels), TestNetworks.Random(name + ".beta", channels), TestNetworks.Random(name + ".mean", channels),
        FloatTensor.Vector(name + ".variance", [.. Enumerable.Range(0, channels).Select(c => 0.5f + (0.3f * c))]), Epsilon);

    [Fact]
    public void Evaluation_uses_running_statistics()
    {
        using var check = new GradientCheck(TestNetworks.Chain(3, Norm("n", 3)), 5, 7);
        check.CheckForward(1e-5f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Training_uses_the_batchs_statistics_and_differentiates_through_them(int threads)
    {
        const int images = 3, channels = 2, plane = 20;
        NetworkGraph graph = TestNetworks.Chain(channels, Norm("n", channels));
        var settings = new TrainingSettings { BatchNormMomentum = 0.2f };
        using var parameters = ParameterSet.Create([graph], settings);
        using var network = new TrainingNetwork(graph, parameters, settings, new TrainingShape(images, 4, 5, threads) { KeepsInputGradients = true });
        var random = new CounterRandom(4);
        foreach (ref float x in network.Input("input")) x = (float)((random.NextNormal() * 2) + 1);
        foreach (ref float g in network.OutputGradient) g = (float)random.NextNormal();
        double[] values = [.. network.Input("input").ToArray().Select(v => (double)v)];
        float[] runningMean = parameters.ValuesOf("n.mean").ToArray(), runningVariance = parameters.ValuesOf("n.variance").ToArray();
        network.Forward();
        network.Backward();

        double[] outputs = Normalise(values);
        for (int i = 0; i < outputs.Length; i++) Assert.Equal(outputs[i], network.Output[i], 1e-5);
        for (int i = 0; i < values.Length; i += 7)
        {
            double[] above = [.. values], below = [.. values];
            (above[i], below[i]) = (above[i] + 1e-4, below[i] - 1e-4);
            Assert.Equal((Weigh(Normalise(above)) - Weigh(Normalise(below))) / 2e-4, network.InputGradient("input")[i], 1e-4);
        }

        for (int c = 0; c < channels; c++)
        {
            double[] own = Channel(c);
            double mean = own.Average(), unbiased = own.Sum(v => (v - mean) * (v - mean)) / (own.Length - 1);
            Assert.Equal(runningMean[c] + (0.2 * (mean - runningMean[c])), parameters.ValuesOf("n.mean")[c], 1e-5);
            Assert.Equal(runningVariance[c] + (0.2 * (unbiased - runningVariance[c])), parameters.ValuesOf("n.variance")[c], 1e-4);

            // gamma and beta act linearly, so a whole step of 1 has their derivative.
            double before = Weigh(outputs);
            parameters.ValuesOf("n.gamma")[c] += 1;
            Assert.Equal(Weigh(Normalise(values)) - before, parameters.GradientsOf("n.gamma")[c], 1e-4);
            parameters.ValuesOf("n.gamma")[c] -= 1;
            parameters.ValuesOf("n.beta")[c] += 1;
            Assert.Equal(Weigh(Normalise(values)) - before, parameters.GradientsOf("n.beta")[c], 1e-4);
            parameters.ValuesOf("n.beta")[c] -= 1;
        }

        double[] Channel(int channel) => [.. values.Where((_, i) => i / plane % channels == channel)];

        double Weigh(double[] y) => y.Select((v, i) => v * network.OutputGradient[i]).Sum();

        double[] Normalise(double[] x) => [.. x.Select((v, i) =>
        {
            int c = i / plane % channels;
            double[] own = [.. x.Where((_, j) => j / plane % channels == c)];
            double mean = own.Average(), deviation = Math.Sqrt(own.Average(o => (o - mean) * (o - mean)) + Epsilon);
            return ((v - mean) / deviation * parameters.ValuesOf("n.gamma")[c]) + parameters.ValuesOf("n.beta")[c];
        })];
    }

    [Fact]
    public void Networks_share_convolutions_by_name_and_keep_norms_of_their_own()
    {
        var convolution = new Conv2d(TestNetworks.Random("weight", 2, 2, 3, 3), null, Window.Padded(1));
        NetworkGraph large = TestNetworks.Chain(2, convolution, Norm("large", 2)), small = TestNetworks.Chain(2, convolution, Norm("small", 2));
        var settings = new TrainingSettings();
        using var parameters = ParameterSet.Create([large, small], settings);
        Assert.Equal(9, parameters.All.Count);
        using var first = new TrainingNetwork(large, parameters, settings, new TrainingShape(2, 8, 8) { KeepsActivations = true });
        using var second = new TrainingNetwork(small, parameters, settings, new TrainingShape(2, 6, 6) { KeepsActivations = true });
        float[] Gradient(params TrainingNetwork[] networks)
        {
            parameters.Gradients.Clear();
            foreach (TrainingNetwork network in networks)
            {
                var random = new CounterRandom(6);
                foreach (ref float x in network.Input("input")) x = (float)random.NextNormal();
                foreach (ref float g in network.OutputGradient) g = (float)random.NextNormal();
                network.Forward();
                network.Backward();
            }

            return parameters.GradientsOf("weight").ToArray();
        }

        float[] one = Gradient(first), other = Gradient(second), both = Gradient(first, second);
        for (int i = 0; i < both.Length; i++) Assert.Equal(one[i] + other[i], both[i], 1e-4f);
        Assert.Contains(parameters.GradientsOf("large.gamma").ToArray(), g => g != 0);
        Assert.Contains(parameters.GradientsOf("small.gamma").ToArray(), g => g != 0);
    }
}

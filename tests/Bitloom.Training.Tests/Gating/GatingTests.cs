using Bitloom.Training.Gating;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Gating;

/// <summary>Choices with noise and the price of computation.</summary>
public class GatingTests
{
    [Fact]
    public void Choices_follow_the_softmax_of_their_scores()
    {
        float[] scores = [0.5f, -1, 1.2f];
        double sum = scores.Sum(s => Math.Exp(s));
        var gumbel = new GumbelSoftmax(3);
        var random = new CounterRandom(8);
        int[] counts = new int[3];
        for (int i = 0; i < 20_000; i++) counts[gumbel.Choose(scores, random)]++;
        for (int i = 0; i < 3; i++) Assert.Equal(Math.Exp(scores[i]) / sum, counts[i] / 20_000.0, 0.015);
    }

    [Fact]
    public void Without_noise_the_largest_is_chosen_and_the_gradient_is_the_softmaxs()
    {
        float[] scores = [0.5f, -1, 1.2f], weights = [2, -1, 0.5f], gradient = new float[3];
        var gumbel = new GumbelSoftmax(3);
        const double temperature = 0.7;
        Assert.Equal(2, gumbel.Choose(scores, new CounterRandom(1), noise: 0, temperature));
        gumbel.Backward(weights, gradient);
        for (int i = 0; i < 3; i++)
        {
            double[] above = [.. scores.Select(s => (double)s)], below = [.. above];
            (above[i], below[i]) = (above[i] + 1e-5, below[i] - 1e-5);
            Assert.Equal((Value(above) - Value(below)) / 2e-5, gradient[i], 1e-6);
        }

        double Value(double[] s)
        {
            double sum = s.Sum(v => Math.Exp(v / temperature));
            return s.Select((v, i) => weights[i] * Math.Exp(v / temperature) / sum).Sum();
        }
    }

    [Fact]
    public void Computation_costs_what_is_above_the_target()
    {
        var loss = new OperationsLoss([4, 2, 1], target: 1.5, weight: 0.1);
        float[] gradient = new float[6];
        Assert.Equal(0.1 * (3 - 1.5) / 3, loss.Evaluate([1, 0, 0, 0, 1, 0], gradient), 1e-9);
        Assert.Equal([0.1f * 4 / 6, 0.1f * 2 / 6, 0.1f / 6, 0.1f * 4 / 6, 0.1f * 2 / 6, 0.1f / 6], gradient.Select(g => g), (a, b) => Math.Abs(a - b) < 1e-7);
        Array.Clear(gradient);
        Assert.Equal(0, loss.Evaluate([0, 0, 1, 0, 0, 1], gradient));
        Assert.All(gradient, g => Assert.Equal(0, g));
    }
}

using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests;

/// <summary>What training starts from.</summary>
public class InitialWeightsTests
{
    [Fact]
    public void Kernels_are_uniform_and_the_rest_does_nothing_yet()
    {
        var weights = new InitialWeights(new CounterRandom(2));
        new BbcuSr(16, 2, 2).Build("test", "", weights);
        var byName = weights.Taken.ToDictionary(t => t.Name);
        double bound = 1 / Math.Sqrt(16 * 9);
        float[] kernel = byName["body.0.binary_conv.weight"].Values;
        Assert.All(kernel, w => Assert.InRange(w, -bound, bound));
        Assert.Equal(bound * bound / 3, kernel.Average(w => w * w), 0.1 * bound * bound);
        Assert.All(byName["conv_last.bias"].Values, b => Assert.InRange(Math.Abs(b), 1e-9, bound));
        Assert.All(byName["body.0.move0.bias"].Values, b => Assert.Equal(0, b));
        Assert.All(byName["body.0.relu.pr_prelu.weight"].Values, a => Assert.Equal(0.25f, a));

        // What a builder takes is a checkpoint of its architecture.
        IReadOnlyList<NamedTensor> taken = weights.Taken;
        Assert.Empty(Architectures.Find("bbcu-sr").Build(taken, new ArchitectureSettings("test")).Diagnostics);
    }

    [Fact]
    public void The_gain_is_of_binary_kernels_only()
    {
        var full = new InitialWeights(new CounterRandom(2));
        var tenth = new InitialWeights(new CounterRandom(2)) { BinaryGain = 0.1 };
        foreach (InitialWeights weights in new[] { full, tenth }) new BbcuSr(16, 2, 2).Build("test", "", weights);
        foreach ((NamedTensor one, NamedTensor other) in full.Taken.Zip(tenth.Taken))
        {
            float gain = one.Name.EndsWith("binary_conv.weight", StringComparison.Ordinal) ? 0.1f : 1;
            Assert.All(one.Values.Zip(other.Values), pair => Assert.Equal(pair.First * gain, pair.Second, 1e-7f));
        }

        Assert.Contains(full.Taken, t => t.Name.EndsWith("binary_conv.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_may_begin_with_what_it_improves_on()
    {
        var weights = new InitialWeights(new CounterRandom(2)) { Identities = ["fution.weight", "conv_in.weight"] };
        new BiSrNet(4).Build("test", "", weights);
        var byName = weights.Taken.ToDictionary(t => t.Name);
        foreach ((string name, int window, int middle) in new[] { ("fution.weight", 1, 0), ("conv_in.weight", 9, 4) })
        {
            NamedTensor kernel = byName[name];
            int inputs = kernel.Shape[1];
            double bound = 0.1 / Math.Sqrt(inputs * window);
            for (int i = 0; i < kernel.Values.Length; i++)
            {
                bool passes = i % window == middle && i / window % inputs == i / window / inputs;
                Assert.InRange(kernel.Values[i] - (passes ? 1 : 0), -bound, bound);
            }
        }

        Assert.All(byName["conv_out.weight"].Values, w => Assert.InRange(Math.Abs(w), 0, 1 / Math.Sqrt(4 * 9)));
    }
}

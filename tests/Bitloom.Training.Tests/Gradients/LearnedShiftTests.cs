using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Gradients;

/// <summary>GhostSR's learned shift: hard forward, soft backward.</summary>
public class LearnedShiftTests
{
    private const int Channels = 3, Height = 5, Width = 6;

    private static readonly TrainingSettings Settings = new() { LearnsShift = _ => true };

    [Theory]
    [InlineData(1)]
    [InlineData(Channels)]
    public void The_largest_score_moves_and_the_softmax_has_the_gradient(int offsets)
    {
        NetworkGraph graph = TestNetworks.Chain(Channels, new Shift([.. Enumerable.Repeat(0, offsets)], [1]));
        using var parameters = ParameterSet.Create([graph], Settings);
        Span<float> scores = parameters.ValuesOf("n0.scores");
        Assert.Equal(9 * offsets, scores.Length);
        Assert.Equal(1, scores[5]);
        var random = new CounterRandom(5);
        foreach (ref float score in scores) score = (float)random.NextNormal();
        using var network = new TrainingNetwork(graph, parameters, Settings, new TrainingShape(1, Height, Width) { KeepsInputGradients = true });
        foreach (ref float x in network.Input("input")) x = (float)random.NextNormal();
        foreach (ref float g in network.OutputGradient) g = (float)random.NextNormal();
        network.Forward();
        network.Backward();
        Assert.Equal(TestNetworks.Interpret(network.ToNetworkGraph(), network, 1), network.Output.ToArray());

        double[] point = [.. scores.ToArray().Select(s => (double)s)];
        for (int i = 0; i < point.Length; i++)
        {
            double[] above = [.. point], below = [.. point];
            (above[i], below[i]) = (above[i] + 1e-4, below[i] - 1e-4);
            Assert.Equal((Soft(above) - Soft(below)) / 2e-4, parameters.GradientsOf("n0.scores")[i], 1e-4);
        }

        // The loss if every channel were the mix of all its shifts.
        double Soft(double[] s)
        {
            double loss = 0;
            for (int c = 0; c < Channels; c++)
            {
                double[] own = s[(c % offsets * 9)..((c % offsets * 9) + 9)];
                double sum = own.Sum(Math.Exp);
                for (int k = 0; k < 9; k++) loss += Math.Exp(own[k]) / sum * Product(c, (k / 3) - 1, (k % 3) - 1);
            }

            return loss;
        }

        double Product(int c, int rows, int columns)
        {
            double sum = 0;
            for (int y = Math.Max(0, -rows); y < Height - Math.Max(0, rows); y++)
                for (int x = Math.Max(0, -columns); x < Width - Math.Max(0, columns); x++)
                    sum += network.OutputGradient[(((c * Height) + y) * Width) + x] * network.Input("input")[(((c * Height) + y + rows) * Width) + x + columns];
            return sum;
        }
    }

    [Fact]
    public void Noise_moves_steps_but_not_evaluation()
    {
        NetworkGraph graph = TestNetworks.Chain(1, new Shift([0], [0]));
        using var parameters = ParameterSet.Create([graph], Settings);
        using var network = new TrainingNetwork(graph, parameters, Settings, new TrainingShape(1, Height, Width) { KeepsActivations = true }) { Noise = 3 };
        for (int i = 0; i < network.Input("input").Length; i++) network.Input("input")[i] = i + 1;
        var outputs = new HashSet<float>();
        for (int i = 0; i < 40; i++)
        {
            network.Forward();
            outputs.Add(network.Output[8]);
        }

        Assert.True(outputs.Count > 5);
        network.Evaluate();
        Assert.Equal(network.Input("input").ToArray(), network.Output.ToArray());
    }

    [Fact]
    public void An_offset_out_of_reach_is_refused()
    {
        NetworkGraph graph = TestNetworks.Chain(1, new Shift([2], [0]));
        var error = Assert.Throws<TrainingException>(() => ParameterSet.Create([graph], Settings));
        Assert.Contains("node 'n0' shifts by (2, 0), but learned offsets reach 1", error.Message, StringComparison.Ordinal);
    }
}

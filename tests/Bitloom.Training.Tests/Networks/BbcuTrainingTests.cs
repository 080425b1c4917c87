using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Networks;

/// <summary>Whole BBCU networks: against PyTorch, against the interpreter, stopped and resumed.</summary>
public class BbcuTrainingTests
{
    [Fact]
    public void Three_steps_of_Adam_agree_with_PyTorch()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Goldens", "bbcu-training.safetensors");
        var golden = SafetensorsReader.Read(file).ToDictionary(t => t.Name);
        NamedTensor[] Part(string prefix) => [.. golden.Values.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t with { Name = t.Name[prefix.Length..] })];
        NamedTensor[] begin = Part("begin:");
        using var run = new Run(new BbcuSr(8, 2, 2), begin, batch: 2, height: 8, width: 12);
        using var optimiser = new Adam(run.Parameters);
        for (int step = 0; step < 3; step++)
        {
            golden[FormattableString.Invariant($"input:{step}")].Values.CopyTo(run.Network.Input("input"));
            golden[FormattableString.Invariant($"target:{step}")].Values.CopyTo(run.Network.Target);
            double loss = run.Network.Step(new L1Loss());
            Assert.Equal(golden[FormattableString.Invariant($"loss:{step}")].Values[0], loss, 1e-5);
            if (step == 0) AssertAgree(Part("gradient:"), run.Parameters.ToTensors(run.Parameters.Gradients), 1e-4);
            optimiser.Step(1e-3);
        }

        AssertAgree(Part("end:"), run.Parameters.ToTensors(), 1e-5);
    }

    [Theory]
    [InlineData(BbcuForm.V1, 2)]
    [InlineData(BbcuForm.V3, 3)]
    [InlineData(BbcuForm.V4, 4)]
    public void A_frozen_network_computes_what_evaluation_computes(BbcuForm form, int scale)
    {
        using var run = new Run(new BbcuSr(8, 2, scale, BbcuParts.Upsampling | BbcuParts.Head | BbcuParts.Tail, form), null, batch: 2, height: 6, width: 16);
        run.Fill(5);
        run.Train(new L1Loss(), 2);
        run.Network.Evaluate();
        float[] wanted = TestNetworks.Interpret(run.Network.ToNetworkGraph(), run.Network, 2);
        for (int i = 0; i < wanted.Length; i++) Assert.InRange(run.Network.Output[i] - wanted[i], -1e-4f, 1e-4f);
    }

    [Fact]
    public void Training_makes_the_loss_smaller()
    {
        using var run = new Run(new BbcuSr(8, 2, 2), null, batch: 4, height: 8, width: 8);
        run.Fill(2);
        double[] losses = run.Train(new L1Loss(), 40);
        Assert.True(losses[^1] < 0.8 * losses[0], FormattableString.Invariant($"from {losses[0]} to {losses[^1]}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Equal_runs_give_equal_bits(int threads)
    {
        using Run first = Start(threads), second = Start(threads);
        Assert.Equal(first.Train(new L1Loss(), 5), second.Train(new L1Loss(), 5));
        Assert.Equal(first.Parameters.Values.ToArray(), second.Parameters.Values.ToArray());
    }

    [Fact]
    public void Threads_change_results_by_rounding_only()
    {
        using Run one = Start(1), two = Start(2);
        Assert.Equal(one.Network.Step(new L1Loss()), two.Network.Step(new L1Loss()), 1e-7);
        double largest = one.Parameters.Gradients.ToArray().Max(g => Math.Abs(g));
        for (int i = 0; i < one.Parameters.Size; i++) Assert.Equal(one.Parameters.Gradients[i], two.Parameters.Gradients[i], 1e-5 * largest);
    }

    [Fact]
    public void A_resumed_run_equals_an_uninterrupted_one()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using Run whole = Start(1), until = Start(1), after = Start(1);
            using Session all = new(whole), begun = new(until), resumed = new(after);
            all.Train(6);
            begun.Train(3);
            begun.State.Save(file);
            resumed.Train(1);
            resumed.State.Load(file);
            resumed.Train(3);
            Assert.Equal(whole.Parameters.Values.ToArray(), after.Parameters.Values.ToArray());
            Assert.Equal(all.Average.Values.ToArray(), resumed.Average.Values.ToArray());
            Assert.Equal(all.Random.NextBits(), resumed.Random.NextBits());
            Assert.Equal(6, resumed.Optimiser.Steps);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_state_of_another_network_is_refused_and_changes_nothing()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var small = new Run(new BbcuSr(8, 1, 2), null, 2, 8, 8);
            using Run large = Start(1);
            using Session saved = new(small), other = new(large);
            saved.State.Save(file);
            float[] before = large.Parameters.Values.ToArray();
            var error = Assert.Throws<TrainingException>(() => other.State.Load(file));
            Assert.Contains("'body.1.move0.bias' is missing", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, large.Parameters.Values.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Steps_after_the_first_allocate_nothing()
    {
        using Run run = Start(2);
        using Session session = new(run);
        session.Train(3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Train(3);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_not_finite_is_named()
    {
        using Run run = Start(1);
        run.Network.Target[7] = float.NaN;
        Assert.Contains("the loss of image 0 is not finite", Assert.Throws<TrainingException>(() => run.Network.Step(new L1Loss())).Message, StringComparison.Ordinal);
        run.Fill(1);
        run.Parameters.ValuesOf("body.1.relu.pr_prelu.weight").Fill(1e38f);
        run.Parameters.ValuesOf("body.1.relu.pr_bias0.bias").Fill(-1e5f);
        Assert.Contains("the output of layer 'body.1.relu' holds", Assert.Throws<TrainingException>(() => run.Network.Step(new L1Loss())).Message, StringComparison.Ordinal);
        run.Parameters.ValuesOf("conv_last.bias")[1] = float.NaN;
        Assert.Contains("the parameter 'conv_last.bias' holds", Assert.Throws<TrainingException>(() => run.Network.Step(new L1Loss())).Message, StringComparison.Ordinal);
    }

    private static Run Start(int threads)
    {
        var run = new Run(new BbcuSr(8, 2, 2), null, batch: 3, height: 8, width: 8, threads);
        run.Fill(1);
        return run;
    }

    private static void AssertAgree(IEnumerable<NamedTensor> wanted, IReadOnlyList<NamedTensor> found, double tolerance)
    {
        var byName = found.ToDictionary(t => t.Name);
        foreach (NamedTensor tensor in wanted)
        {
            float[] own = byName[tensor.Name].Values;
            double size = tensor.Values.Max(v => Math.Abs(v));
            for (int i = 0; i < own.Length; i++)
                Assert.True(Math.Abs(own[i] - tensor.Values[i]) <= tolerance * size, FormattableString.Invariant($"{tensor.Name}[{i}] is {own[i]}, PyTorch has {tensor.Values[i]}"));
        }
    }

    private sealed class Run : IDisposable
    {
        internal Run(BbcuSr architecture, NamedTensor[]? weights, int batch, int height, int width, int threads = 1)
        {
            var synthetic = new SyntheticWeights(7);
            Compiler.Graph.NetworkGraph graph = architecture.Build("test", "", weights is null ? synthetic : new CheckpointWeights(weights));
            var settings = new TrainingSettings();
            Parameters = ParameterSet.Create([graph], settings, weights ?? synthetic.Taken);
            Network = new TrainingNetwork(graph, Parameters, settings, new TrainingShape(batch, height, width, threads));
        }

        internal ParameterSet Parameters { get; }

        internal TrainingNetwork Network { get; }

        public void Dispose()
        {
            Network.Dispose();
            Parameters.Dispose();
        }

        internal void Fill(ulong seed)
        {
            var random = new CounterRandom(seed);
            foreach (ref float x in Network.Input("input")) x = (float)random.NextUniform();
            foreach (ref float x in Network.Target) x = (float)random.NextUniform();
        }

        internal double[] Train(Loss loss, int steps)
        {
            using var optimiser = new Adam(Parameters);
            var losses = new double[steps];
            for (int i = 0; i < steps; i++)
            {
                losses[i] = Network.Step(loss);
                optimiser.Step(3e-3);
            }

            return losses;
        }
    }

    /// <summary>A run with everything that is saved, on data from the saved random sequence.</summary>
    private sealed class Session : IDisposable
    {
        private readonly Run _run;
        private readonly L1Loss _loss = new();
        private readonly CosineSchedule _schedule = new(1e-3, 10);

        internal Session(Run run)
        {
            _run = run;
            Optimiser = new Adam(run.Parameters);
            Average = new WeightAverage(run.Parameters, 0.9);
            State = new TrainingState(run.Parameters, Optimiser, Random, Average);
        }

        internal Optimiser Optimiser { get; }

        internal WeightAverage Average { get; }

        internal CounterRandom Random { get; } = new(11);

        internal TrainingState State { get; }

        public void Dispose()
        {
            Optimiser.Dispose();
            Average.Dispose();
        }

        internal void Train(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                foreach (ref float x in _run.Network.Input("input")) x = (float)Random.NextUniform();
                _run.Network.Step(_loss);
                GradientClipping.ByNorm(_run.Parameters, 0.1);
                Optimiser.Step(_schedule.RateAt(Optimiser.Steps));
                Average.Update();
            }
        }
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Data;
using Bitloom.Training.Gating;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Training.Runs;

/// <summary>
/// DRNet's joint training (arXiv 2106.02898, section 3): a batch goes through the predictor and through the classifier at every resolution,
/// whose batch norms so see every picture; <see cref="GatedLoss"/> draws a choice for each picture and says what it costs. Convolutions
/// get the sum of the gradients of all resolutions, for they are one parameter.
/// </summary>
internal sealed class GatedLearner : Learner
{
    // From here on choices are those of inference, while there is learning rate left to settle them.
    private const double QuietFrom = 0.75;

    private readonly TrainingNetwork[] _branches;
    private readonly TrainingNetwork _predictor;
    private readonly GatedLoss _loss;
    private readonly GatedParts _parts;
    private readonly GatingRecipe _gating;
    private readonly CounterRandom _random;
    private readonly float[] _outputs;
    private readonly long[] _chosen;

    internal GatedLearner(NetworkGraph graph, IReadOnlyList<NamedTensor> weights, TrainingSettings settings, TrainingShape shape, Loss loss, GatingRecipe gating, CounterRandom random)
    {
        (_parts, _gating, _random) = (GatedParts.Of(graph), gating, random);
        NetworkGraph[] graphs = [_parts.Predictor, .. _parts.Branches];
        Parameters = ParameterSet.Create(graphs, settings, weights);
        TrainingNetwork[] networks = [.. graphs.Select(g => new TrainingNetwork(g, Parameters, settings, shape with { KeepsActivations = true }) { Random = random })];
        (_predictor, _branches) = (networks[0], networks[1..]);
        InputCounts = CountInputs(_predictor);
        OutputCount = _branches[0].Output.Length / shape.Batch;
        _loss = new GatedLoss(loss, CreatePrice(), _branches.Length, OutputCount, shape.Batch) { Temperature = gating.Temperature, EveryBranch = gating.EveryResolution };
        _outputs = new float[OutputCount * shape.Batch];
        _chosen = new long[_branches.Length];
    }

    internal override ParameterSet Parameters { get; }

    internal override long MemoryBytes => _predictor.MemoryBytes + _branches.Sum(b => b.MemoryBytes);

    internal override IReadOnlyList<int> InputCounts { get; }

    internal override int OutputCount { get; }

    /// <summary>The network of the scores.</summary>
    internal TrainingNetwork Predictor => _predictor;

    /// <summary>The classifier at each resolution.</summary>
    internal IReadOnlyList<TrainingNetwork> Branches => _branches;

    internal override double Step(SampleBatch batch, double progress)
    {
        Parameters.Gradients.Clear();
        foreach (TrainingNetwork network in _branches.Prepend(_predictor))
        {
            Load(network, batch);
            network.Forward();
        }

        double loss = _loss.Evaluate(_predictor, _branches, batch.Targets, _random, _gating.Noise * Math.Max(0, 1 - (progress / QuietFrom)));
        foreach (TrainingNetwork network in _branches.Prepend(_predictor)) network.Backward();
        FiniteCheck.Require(Parameters, loss);
        return loss;
    }

    // Only the chosen branch runs, as after training.
    internal override ReadOnlySpan<float> Evaluate(SampleBatch batch)
    {
        Load(_predictor, batch);
        _predictor.Evaluate();
        int inputs = InputCounts[0];
        int[] choices = [.. Enumerable.Range(0, batch.Samples).Select(i => IndexOfMax(_predictor.Output.Slice(i * _branches.Length, _branches.Length)))];
        for (int branch = 0; branch < _branches.Length; branch++)
        {
            int[] samples = [.. Enumerable.Range(0, batch.Samples).Where(i => choices[i] == branch)];
            _chosen[branch] += samples.Length;
            if (samples.Length == 0) continue;
            TrainingNetwork network = _branches[branch];
            for (int i = 0; i < samples.Length; i++) batch.Input(0, samples[i]).CopyTo(network.Input(network.Inputs[0].Name)[(i * inputs)..]);
            network.Images = samples.Length;
            network.Evaluate();
            for (int i = 0; i < samples.Length; i++) network.Output.Slice(i * OutputCount, OutputCount).CopyTo(_outputs.AsSpan(samples[i] * OutputCount));
        }

        return _outputs;
    }

    internal override string TakeRemark()
    {
        double all = Math.Max(1, _chosen.Sum());
        string remark = string.Join(", ", _parts.Names.Select((n, i) => Invariant($"{n} {_chosen[i] / all:0.0%}"))) + Invariant($"; {_parts.MeanOperations(_chosen) / 1e6:0.00} M MACs a picture");
        Array.Clear(_chosen);
        return remark;
    }

    internal override NetworkGraph ToNetworkGraph() => _parts.Join(_branches.Prepend(_predictor).Select(n => n.ToNetworkGraph()));

    public override void Dispose()
    {
        foreach (TrainingNetwork network in _branches.Prepend(_predictor)) network.Dispose();
        Parameters.Dispose();
    }

    // The predictor always runs: what is left of the target is for the branches.
    private OperationsLoss CreatePrice()
    {
        double[] operations = [.. _parts.BranchOperations.Select(o => (double)o)];
        return new OperationsLoss(operations, (_gating.Target * operations.Max()) - _parts.PredictorOperations, _gating.Eta);
    }

    private static int IndexOfMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }
}

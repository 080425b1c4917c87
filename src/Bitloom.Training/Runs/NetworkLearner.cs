using Bitloom.Compiler.Graph;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Data;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Training.Runs;

/// <summary>One network and one loss.</summary>
internal sealed class NetworkLearner : Learner
{
    private readonly TrainingNetwork _network;
    private readonly Loss _loss;
    private readonly NoiseRecipe _noise;

    internal NetworkLearner(NetworkGraph graph, IReadOnlyList<NamedTensor> weights, TrainingSettings settings, TrainingShape shape, Loss loss, NoiseRecipe noise, CounterRandom random)
    {
        (_loss, _noise) = (loss, noise);
        Parameters = ParameterSet.Create([graph], settings, weights);
        _network = new TrainingNetwork(graph, Parameters, settings, shape) { Random = random };
        InputCounts = CountInputs(_network);
        OutputCount = _network.Output.Length / shape.Batch;
    }

    internal override ParameterSet Parameters { get; }

    internal override long MemoryBytes => _network.MemoryBytes;

    internal override IReadOnlyList<int> InputCounts { get; }

    internal override int OutputCount { get; }

    internal override double Step(SampleBatch batch, double progress)
    {
        Load(_network, batch);
        batch.Targets.CopyTo(_network.Target);
        _network.Noise = _noise.At(progress);
        return _network.Step(_loss);
    }

    internal override ReadOnlySpan<float> Evaluate(SampleBatch batch)
    {
        Load(_network, batch);
        _network.Evaluate();
        return _network.Output;
    }

    internal override NetworkGraph ToNetworkGraph() => _network.ToNetworkGraph();

    public override void Dispose()
    {
        _network.Dispose();
        Parameters.Dispose();
    }
}

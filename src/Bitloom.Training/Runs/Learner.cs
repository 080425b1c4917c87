using Bitloom.Compiler.Graph;
using Bitloom.Training.Data;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Training.Runs;

/// <summary>What a run trains and what one of its steps does: one network with one loss, or several that are trained together.</summary>
internal abstract class Learner : IDisposable
{
    /// <summary>All parameters, which a step leaves the gradients of.</summary>
    internal abstract ParameterSet Parameters { get; }

    /// <summary>Bytes of a step.</summary>
    internal abstract long MemoryBytes { get; }

    /// <summary>Values of each input for one sample.</summary>
    internal abstract IReadOnlyList<int> InputCounts { get; }

    /// <summary>Values of the output for one sample.</summary>
    internal abstract int OutputCount { get; }

    /// <summary>Forward, loss and backward of a batch: returns the loss.</summary>
    /// <param name="batch">As many samples as the recipe's batch.</param>
    /// <param name="progress">How much of the run is done, from 0 to 1.</param>
    /// <exception cref="TrainingException">The loss or a gradient is not finite; the message names where.</exception>
    internal abstract double Step(SampleBatch batch, double progress);

    /// <summary>The outputs of a batch, at most as many samples as the recipe's, as after training.</summary>
    internal abstract ReadOnlySpan<float> Evaluate(SampleBatch batch);

    /// <summary>What else is worth telling of the evaluations since the last call; empty for nothing.</summary>
    internal virtual string TakeRemark() => "";

    /// <summary>The compiler's network with the parameters' present values.</summary>
    internal abstract NetworkGraph ToNetworkGraph();

    /// <summary>The learner of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="graph">Its network.</param>
    /// <param name="weights">The network's first weights.</param>
    /// <param name="random">The run's random numbers.</param>
    /// <param name="threads">Threads of a step.</param>
    internal static Learner Create(Recipe recipe, NetworkGraph graph, InitialWeights weights, CounterRandom random, int threads)
    {
        TrainingSettings settings = recipe.Network.CreateSettings(recipe.Training.Surrogate);
        var shape = new TrainingShape(recipe.Training.Batch, recipe.Data.Patch, recipe.Data.Patch, threads);
        Loss loss = recipe.Training.CreateLoss();
        return recipe.Gating is { } gating
            ? new GatedLearner(graph, weights.Taken, settings, shape, loss, gating, random)
            : new NetworkLearner(graph, weights.Taken, settings, shape, loss, recipe.Training.Noise, random);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Gives a network the inputs of a batch.</summary>
    protected static void Load(TrainingNetwork network, SampleBatch batch)
    {
        for (int i = 0; i < batch.Inputs.Count; i++) batch.Inputs[i].CopyTo(network.Input(network.Inputs[i].Name));
        network.Images = batch.Samples;
    }

    /// <summary>Values of each input of a network for one sample.</summary>
    protected static IReadOnlyList<int> CountInputs(TrainingNetwork network) => [.. network.Inputs.Select(i => network.Input(i.Name).Length / network.Shape.Batch)];
}

using Bitloom.Compiler.Graph;
using Bitloom.Training.Layers;
using Bitloom.Training.Losses;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Networks;

/// <summary>
/// A network in training: a graph of the compiler's, its layers for one size of image, and the memory of a step. Give
/// <see cref="Input"/> and <see cref="Target"/> values, call <see cref="Step"/>, and the gradients are in the <see cref="ParameterSet"/> for an
/// optimiser. Nothing is allocated after construction. One caller at a time.
/// </summary>
public sealed unsafe class TrainingNetwork : IDisposable
{
    private readonly LayerChain _chain;
    private readonly BatchRunner _runner;
    private readonly BatchBuffers _buffers;

    /// <summary>Makes layers and memory.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Parameters made from this graph (and perhaps others).</param>
    /// <param name="settings">The settings that the parameters were made with.</param>
    /// <param name="shape">Images, sizes, threads.</param>
    /// <exception cref="TrainingException">The graph cannot be trained.</exception>
    public TrainingNetwork(NetworkGraph graph, ParameterSet parameters, TrainingSettings settings, TrainingShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Threads, 1);
        Parameters = parameters;
        Shape = shape with { KeepsActivations = shape.KeepsActivations || shape.KeepsInputGradients };
        _chain = new LayerChain(graph, parameters, settings, Shape);
        _buffers = new BatchBuffers(_chain, Shape);
        _runner = new BatchRunner(_chain, parameters, Shape, _buffers);
        Images = shape.Batch;
    }

    /// <summary>The parameters that this network reads and whose gradients it computes.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Sizes and memory.</summary>
    public TrainingShape Shape { get; }

    /// <summary>The inputs, in the order of the graph.</summary>
    public IReadOnlyList<GraphInput> Inputs => _chain.Graph.Inputs;

    /// <summary>Images of the next run, 1 to the batch of <see cref="Shape"/>.</summary>
    public int Images { get; set; }

    /// <summary>Where layers that draw random numbers take them from; saved with the state.</summary>
    public CounterRandom Random { get; set; } = new(0);

    /// <summary>What noise of layers that draw random numbers is multiplied by, e.g. 0.97 to the number of the epoch; 0 for none.</summary>
    public double Noise { get; set; }

    /// <summary>channels, height and width of the output.</summary>
    public (int Channels, int Height, int Width) OutputSize => (_chain.Output.Channels, _chain.Output.Height, _chain.Output.Width);

    /// <summary>Bytes of activations, gradients of activations, scratch memory and the threads' gradients of parameters.</summary>
    public long MemoryBytes => _runner.MemoryBytes;

    /// <summary>An input's values: images x channels x height x width, planar.</summary>
    public Span<float> Input(string name) => _buffers.InputOf(IndexOf(name));

    /// <summary>An input's gradients after <see cref="Backward"/>, where the shape asks for them.</summary>
    public Span<float> InputGradient(string name) => _buffers.InputGradientOf(IndexOf(name));

    /// <summary>Targets of the loss: images x the loss's values an image.</summary>
    public Span<float> Target => _buffers.Target;

    /// <summary>Outputs of all images after <see cref="Evaluate"/> or <see cref="Forward"/>.</summary>
    public Span<float> Output => _buffers.Output;

    /// <summary>Gradients of the outputs, given to <see cref="Backward"/>.</summary>
    public Span<float> OutputGradient => _buffers.OutputGradient;

    /// <summary>Forward, loss and backward of a batch: returns the loss; the parameters' gradients are this batch's.</summary>
    /// <exception cref="TrainingException">The loss or a gradient is not finite; the message names the layer where it began.</exception>
    public double Step(Loss loss)
    {
        Parameters.Gradients.Clear();
        BeginStep();
        _buffers.TargetStride = loss.TargetCount(_chain.Output.Channels, _chain.Output.Plane);
        double value = _runner.Run(RunKind.Step, Images, loss);
        if (!double.IsFinite(value) || !FiniteCheck.IsFinite(Parameters.GradientsPointer, Parameters.Size))
            throw new TrainingException(FiniteCheck.Explain(_chain, Parameters, _runner, Images, value));
        return value;
    }

    /// <summary>Runs the network as it will run after training, with running statistics.</summary>
    public void Evaluate() => _runner.Run(RunKind.Evaluate, Images, loss: null);

    /// <summary>Runs the network as in a step and keeps what <see cref="Backward"/> needs.</summary>
    public void Forward()
    {
        RequireActivations();
        BeginStep();
        _runner.Run(RunKind.Forward, Images, loss: null);
    }

    /// <summary>After <see cref="Forward"/>: from <see cref="OutputGradient"/>, adds to the parameters' gradients, which the caller clears.</summary>
    public void Backward()
    {
        RequireActivations();
        _runner.Run(RunKind.Backward, Images, loss: null);
    }

    /// <summary>The compiler's graph with the parameters' present values: signs as bits, scales, running statistics.</summary>
    public NetworkGraph ToNetworkGraph() => _chain.Freeze();

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _buffers.Dispose();
        _chain.Dispose();
    }

    private void BeginStep()
    {
        foreach (Layer layer in _chain.Layers)
            if (layer is IRandomLayer random) random.BeginStep(Random, Noise);
    }

    private int IndexOf(string input)
    {
        for (int i = 0; i < _chain.Inputs.Length; i++)
            if (_chain.Inputs[i].Name == input) return i;
        throw new ArgumentException($"there is no input '{input}'; there are {string.Join(", ", _chain.Graph.Inputs.Select(i => i.Name))}", nameof(input));
    }

    private void RequireActivations()
    {
        if (!Shape.KeepsActivations) throw new InvalidOperationException("Forward and Backward apart need all images' activations: set KeepsActivations of the shape.");
    }
}

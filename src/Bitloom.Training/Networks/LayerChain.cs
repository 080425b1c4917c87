using Bitloom.Compiler.Graph;
using Bitloom.Training.Layers;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Networks;

/// <summary>A graph's layers for one size of image, with their tensors, and which gradients are needed.</summary>
internal sealed class LayerChain : IDisposable
{
    private readonly Dictionary<string, TensorSlot> _slots = new(StringComparer.Ordinal);

    /// <exception cref="TrainingException">The graph is not valid, has several outputs, or an operator that cannot be trained.</exception>
    internal LayerChain(NetworkGraph graph, ParameterSet parameters, TrainingSettings settings, TrainingShape shape)
    {
        Graph = graph;
        if (graph.Outputs.Count != 1) throw new TrainingException($"'{graph.Name}' has {graph.Outputs.Count} outputs; a network in training has one, so leave out the others");
        Compiler.Outcome<ShapeTable> inferred = ShapeInference.Infer(graph);
        ShapeTable shapes = inferred.Value ?? throw new TrainingException($"'{graph.Name}' is not a valid network: {inferred.Diagnostics[0].Message}");
        var sizes = new Dictionary<string, int> { ["height"] = shape.Height, ["width"] = shape.Width };

        TensorSlot MakeSlot(string name)
        {
            TensorShape s = shapes[name];
            int height = s.Height.Evaluate(sizes), width = s.Width.Evaluate(sizes);
            if (height < 1 || width < 1) throw new TrainingException(Invariant($"'{name}' would be {s.Channels} x {height} x {width}: give larger images than {shape.Height} x {shape.Width}"));
            return _slots[name] = new TensorSlot(name, s.Channels, height, width);
        }

        Inputs = [.. graph.Inputs.Select(i => MakeSlot(i.Name))];
        foreach (TensorSlot input in Inputs) input.NeedsGradient = shape.KeepsInputGradients;
        var layers = new List<Layer>();
        foreach (LiftedNode lifted in LiftedNode.Lift(graph))
        {
            TensorSlot[] inputs = [.. lifted.Node.Inputs.Select(name => _slots[name])];
            Layer layer = LayerTable.Create(new LayerSource(lifted, inputs, MakeSlot(lifted.Output), parameters, settings));
            layer.Output.NeedsGradient = layer.HasTrainedParameters || inputs.Any(i => i.NeedsGradient);
            layers.Add(layer);
        }

        Layers = [.. layers];
        Output = _slots[graph.Outputs[0].Tensor];
        MarkAccumulation();
        ArenaSize = MemoryPlan.Place([.. _slots.Values], Layers, Output, shape.KeepsInputGradients);

        // Weight gradients read up to three planes beyond a tensor.
        ArenaSize += 3L * _slots.Values.Max(s => s.Plane);
    }

    internal NetworkGraph Graph { get; }

    internal Layer[] Layers { get; }

    internal TensorSlot[] Inputs { get; }

    internal TensorSlot Output { get; }

    /// <summary>Floats of one image's tensors.</summary>
    internal long ArenaSize { get; }

    /// <summary>The graph with the parameters' present values.</summary>
    internal NetworkGraph Freeze()
    {
        var frozen = Layers.SelectMany(l => l.Freeze()).ToDictionary(n => n.Name, StringComparer.Ordinal);
        return Graph with { Nodes = Compiler.EquatableArray.ToEquatableArray(Graph.Nodes.Select(n => frozen[n.Name])) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Layer layer in Layers) layer.Dispose();
    }

    // Backward passes run from the last layer to the first; the first that writes a gradient stores it, the others add. The loss
    // is the first writer of the output's.
    private void MarkAccumulation()
    {
        HashSet<TensorSlot> written = [Output];
        foreach (Layer layer in Layers.Reverse())
        {
            // Nothing reads it: it has no gradient, and its layer does not run backward.
            if (!written.Contains(layer.Output)) layer.Output.NeedsGradient = false;
            if (!layer.Output.NeedsGradient) continue;
            for (int i = 0; i < layer.Inputs.Length; i++)
                if (layer.Inputs[i].NeedsGradient) layer.Accumulates[i] = !written.Add(layer.Inputs[i]);
        }
    }
}

/// <summary>Sizes and memory of a network in training.</summary>
/// <param name="Batch">The most images of a step.</param>
/// <param name="Height">Rows of an input whose height is free.</param>
/// <param name="Width">Columns of an input whose width is free.</param>
/// <param name="Threads">Threads among which images are shared out.</param>
public sealed record TrainingShape(int Batch, int Height, int Width, int Threads = 1)
{
    /// <summary>True to keep all images' activations, so that Forward and Backward can be called apart.</summary>
    public bool KeepsActivations { get; init; }

    /// <summary>True to compute gradients of the inputs; implies <see cref="KeepsActivations"/>.</summary>
    public bool KeepsInputGradients { get; init; }
}

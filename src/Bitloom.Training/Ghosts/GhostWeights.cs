using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>
/// First weights of an EDSR with ghosts from its dense parent (arXiv 2101.08525, section 3.3): intrinsic filters keep the parent's
/// weights, and every layer reads its inputs where <see cref="EdsrOrders"/> puts them.
/// </summary>
/// <param name="parent">The dense parent's constants by name.</param>
/// <param name="orders">Where channels go.</param>
/// <param name="intrinsic">How many channels of a layer with ghosts are intrinsic.</param>
internal sealed class GhostWeights(IReadOnlyDictionary<string, FloatTensor> parent, EdsrOrders orders, int intrinsic) : WeightSource
{
    private const string Primary = ".primary_conv", Offsets = ".shift";

    /// <summary>Chooses intrinsic filters.</summary>
    /// <param name="network">The network with ghosts.</param>
    /// <param name="dense">Its parent.</param>
    /// <param name="path">The parent's file, for messages.</param>
    /// <param name="random">Where the starts of k-means come from.</param>
    /// <exception cref="TrainingException">The parent is another network than this one without ghosts.</exception>
    internal static GhostWeights Create(Edsr network, NetworkGraph dense, string path, CounterRandom random)
    {
        var constants = dense.Nodes.SelectMany(n => n.Operator.FloatWeights).DistinctBy(w => w.Name).ToDictionary(w => w.Name, StringComparer.Ordinal);
        var given = CheckpointWeights.Of(dense);
        given.Pass(name => name is "sub_mean" or "add_mean");
        NetworkGraph expected = (network with { Ghosts = GhostLayers.None }).Build(dense.Name, dense.Description, given);
        string wanted = Invariant($"EDSR x{network.Scale} with {network.Channels} channels, {network.Blocks} blocks and residual scale {network.ResidualScale}");
        if (given.Errors() is [var first, ..]) throw new TrainingException($"{path}: it is not the dense parent, {wanted}: '{first.Location.Node}' {first.Message}");
        return !expected.Nodes.Select(Content).SequenceEqual(dense.Nodes.Select(Content))
            ? throw new TrainingException($"{path}: it is not the dense parent, {wanted}: train one by a recipe without 'ghosts'")
            : new GhostWeights(constants, EdsrOrders.Choose(constants, network, random), network.Ghosts.IntrinsicOf(network.Channels));
    }

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        if (name.EndsWith(Offsets, StringComparison.Ordinal)) return MatchOffsets(name[..^Offsets.Length], shape[0]);
        string dense = name.Replace(Primary, "", StringComparison.Ordinal), layer = dense[..dense.LastIndexOf('.')];
        FloatTensor tensor = parent[dense];
        (int[]? outputs, int[]? inputs) = orders.Of(layer);
        bool isKernel = shape.Length == 4;
        int rowSize = tensor.Values.Count / tensor.Shape[0], columns = isKernel ? tensor.Shape[1] : 1, taps = rowSize / columns;
        var values = new float[shape[0] * rowSize];
        for (int row = 0; row < shape[0]; row++)
        {
            int from = outputs?[row] ?? row;
            for (int column = 0; column < columns; column++)
            {
                int source = (from * rowSize) + ((isKernel ? inputs?[column] ?? column : column) * taps);
                tensor.Values.AsSpan().Slice(source, taps).CopyTo(values.AsSpan((row * rowSize) + (column * taps)));
            }
        }

        return values;
    }

    // The offsets by which ghosts come nearest to what was dropped, as kernels with a one there.
    private float[] MatchOffsets(string layer, int offsets)
    {
        FloatTensor kernel = parent[layer + ".weight"];
        int[] order = orders.Of(layer).Outputs!;
        float[][] filters = [.. kernel.Values.Chunk(kernel.Values.Count / kernel.Shape[0])];
        (float[], float[])[] pairs = [.. Enumerable.Range(0, order.Length - intrinsic).Select(ghost => (filters[order[intrinsic + ghost]], filters[order[ghost % intrinsic]]))];
        var kernels = new float[offsets * 9];
        for (int i = 0; i < offsets; i++) kernels[(i * 9) + FilterMatch.BestPlace(offsets == 1 ? pairs : [pairs[i]])] = 1;
        return kernels;
    }

    // Places in files differ.
    private static (string, Compiler.Operators.Operator, Compiler.EquatableArray<string>) Content(Node node) => (node.Name, node.Operator, node.Inputs);
}

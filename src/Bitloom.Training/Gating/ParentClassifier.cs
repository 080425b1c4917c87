using System.Text.RegularExpressions;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;

namespace Bitloom.Training.Gating;

/// <summary>
/// First weights of a dynamic network from a classifier that was trained at one resolution: its convolutions, and its batch norms for every
/// resolution. The predictor has no parent.
/// </summary>
internal sealed partial class ParentClassifier : WeightSource
{
    private readonly CheckpointWeights _parent;
    private readonly WeightSource _others;

    /// <summary>Takes a classifier's weights.</summary>
    /// <param name="parent">The classifier.</param>
    /// <param name="others">Where the predictor's weights come from.</param>
    internal ParentClassifier(NetworkGraph parent, WeightSource others) => (_parent, _others) = (CheckpointWeights.Of(parent), others);

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        if (!name.StartsWith(DrNet.ClassifierPrefix, StringComparison.Ordinal)) return _others.Take(name, shape);

        // A linear layer is a convolution of one pixel in a descriptor.
        int[] stored = shape.Length == 2 ? [.. shape, 1, 1] : shape;
        return _parent.Take(OfResolution().Replace(name[DrNet.ClassifierPrefix.Length..], ""), stored);
    }

    /// <summary>Checks, once the network is built, that the parent was of the same form.</summary>
    /// <exception cref="TrainingException">It was not; with the path, and what differs first.</exception>
    internal void Check(string path)
    {
        if (_parent.Errors() is [var first, ..]) throw new TrainingException($"{path}: it is no classifier of these sizes: '{first.Location.Node}' {first.Message}");
    }

    [GeneratedRegex(@"\.bns\.\d+", RegexOptions.CultureInvariant)]
    private static partial Regex OfResolution();
}

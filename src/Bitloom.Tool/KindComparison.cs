using System.Globalization;

namespace Bitloom.Tool;

/// <summary>How far the nodes of one kind of operator are from the reference interpreter, from equal inputs.</summary>
/// <param name="kind">Name of the operator.</param>
internal sealed class KindComparison(string kind)
{
    private double _largest;
    private long _values;
    private int _nodes;

    /// <summary>The largest mean difference of a node, relative to the mean magnitude of what it must make.</summary>
    internal double WorstMean { get; private set; }

    /// <summary>The node that has it.</summary>
    internal string WorstNode { get; private set; } = "";

    /// <summary>Adds a node's tensor. A tensor of zeros has no magnitude: 1 stands in.</summary>
    internal void Add(string node, ReadOnlySpan<float> computed, ReadOnlySpan<float> wanted)
    {
        var comparison = TensorComparison.Of(computed, wanted);
        double sum = 0;
        foreach (float value in wanted) sum += Math.Abs((double)value);
        double magnitude = sum > 0 ? sum / wanted.Length : 1, mean = comparison.Mean / magnitude;
        _largest = Math.Max(_largest, comparison.Largest / magnitude);
        _values += wanted.Length;

        // Written so that a mean that is no number is the worst, and the first node counts.
        if (_nodes++ == 0 || !(mean <= WorstMean)) (WorstMean, WorstNode) = (mean, node);
    }

    /// <summary>The line that is printed: <c>KIND: max X mean Y relative over V values of N nodes, worst NODE</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{kind}: max {TensorComparison.Number(_largest)} mean {TensorComparison.Number(WorstMean)} relative over {_values} values of {_nodes} nodes, worst {WorstNode}");
}

using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;
using Bitloom.Training.Gating;

namespace Bitloom.Tool;

/// <summary>Which branches of a gate were chosen for the pictures of a test set, and what that saves.</summary>
internal sealed class ChoiceTally
{
    private readonly GatedParts _parts;
    private readonly string _output;
    private readonly long[] _chosen;

    private ChoiceTally(GatedParts parts, string output) => (_parts, _output, _chosen) = (parts, output, new long[parts.Branches.Count]);

    /// <summary>The tally of a network with one gate that tells its choice; null for others.</summary>
    internal static ChoiceTally? Of(NetworkGraph graph)
    {
        Node[] gates = [.. graph.Nodes.Where(n => n.Operator is Gate)];
        if (gates.Length != 1) return null;
        string? choice = graph.Nodes.FirstOrDefault(n => n.Operator is ArgMax && n.Inputs[0] == gates[0].Inputs[0])?.Name;
        return graph.Outputs.FirstOrDefault(o => o.Tensor == choice) is { } output ? new ChoiceTally(GatedParts.Of(graph), output.Name) : null;
    }

    /// <summary>Counts a picture.</summary>
    /// <param name="outputs">The network's outputs for it.</param>
    internal void Add(IReadOnlyDictionary<string, Tensor> outputs) => _chosen[(int)outputs[_output].Values[0]]++;

    /// <summary>Mean multiply-accumulates of a picture, the predictor's included.</summary>
    internal double MeanOperations => _parts.MeanOperations(_chosen);

    /// <summary>Shares of the branches, and multiply-accumulates of a picture beside those of each branch without a predictor.</summary>
    internal IReadOnlyList<string> Summarize()
    {
        double all = Math.Max(1, _chosen.Sum());
        string shares = string.Join(", ", _parts.Names.Select((n, i) => string.Create(CultureInfo.InvariantCulture, $"{n} {100 * _chosen[i] / all:0.0} %")));
        string branches = string.Join(", ", _parts.Names.Select((n, i) => $"{n} {Millions(_parts.BranchOperations[i])}"));
        return [$"chosen {shares}", $"mean MACs {Millions(MeanOperations)}, of which the predictor {Millions(_parts.PredictorOperations)} | fixed {branches}"];
    }

    private static string Millions(double operations) => string.Create(CultureInfo.InvariantCulture, $"{operations / 1e6:0.00} M");
}

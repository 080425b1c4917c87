using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Training.Gating;

/// <summary>
/// A network with a gate, taken apart into networks that can be trained over one set of parameters:
/// <code>
///   image -> ... -> scores ----> Gate -> output          predictor: image -> scores
///   image -> ... -> logits_112 -^                        branch 0:  image -> logits_112
///   image -> ... -> logits_56 --^                        branch 1:  image -> logits_56
/// </code>
/// </summary>
/// <param name="Whole">The network with the gate.</param>
/// <param name="Predictor">From the input to the scores.</param>
/// <param name="Branches">From the input to each candidate, in the order of the scores.</param>
/// <param name="Names">The branches' names.</param>
public sealed record GatedParts(NetworkGraph Whole, NetworkGraph Predictor, EquatableArray<NetworkGraph> Branches, EquatableArray<string> Names)
{
    /// <summary>Takes a network apart.</summary>
    /// <exception cref="TrainingException">It has no gate, or several.</exception>
    public static GatedParts Of(NetworkGraph graph)
    {
        Node[] gates = [.. graph.Nodes.Where(n => n.Operator is Gate)];
        if (gates is not [{ Operator: Gate gate } node]) throw new TrainingException(Invariant($"'{graph.Name}' has {gates.Length} gates; a network that chooses a resolution has one"));
        return new GatedParts(graph, UpTo(graph, node.Inputs[0]), node.Inputs.Skip(1).Select(i => UpTo(graph, i)).ToEquatableArray(), gate.Branches);
    }

    /// <summary>Multiply-accumulates of the predictor for one picture.</summary>
    public long PredictorOperations => OperationsOf(Predictor);

    /// <summary>Multiply-accumulates of each branch for one picture.</summary>
    public EquatableArray<long> BranchOperations => Branches.Select(OperationsOf).ToEquatableArray();

    /// <summary>Mean multiply-accumulates of a picture, the predictor's included.</summary>
    /// <param name="chosen">For how many pictures each branch was chosen; where none was, the predictor's are returned.</param>
    public double MeanOperations(IReadOnlyList<long> chosen)
    {
        double all = Math.Max(1, chosen.Sum());
        return PredictorOperations + BranchOperations.Select((o, i) => o * chosen[i] / all).Sum();
    }

    /// <summary>The whole with the constants of its parts, which were taken from it and trained.</summary>
    public NetworkGraph Join(IEnumerable<NetworkGraph> parts)
    {
        var trained = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (Node node in parts.SelectMany(p => p.Nodes)) trained[node.Name] = node;
        return Whole with { Nodes = Whole.Nodes.Select(n => trained.GetValueOrDefault(n.Name, n)).ToEquatableArray() };
    }

    private static NetworkGraph UpTo(NetworkGraph graph, string tensor)
    {
        HashSet<string> needed = [tensor];
        foreach (Node node in graph.Nodes.Reverse())
            if (needed.Contains(node.Name)) needed.UnionWith(node.Inputs);
        return graph with { Nodes = graph.Nodes.Where(n => needed.Contains(n.Name)).ToEquatableArray(), Outputs = [new GraphOutput("output", tensor, SourceLocation.None)] };
    }

    // Inputs of a gated network have a size of their own.
    private static long OperationsOf(NetworkGraph graph)
    {
        (long binary, long single) = PlanTotals.Macs(graph, 1, 1);
        return binary + single;
    }
}

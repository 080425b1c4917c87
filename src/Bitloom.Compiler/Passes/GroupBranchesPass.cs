using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Brings nodes that only one branch of a gate needs together, right before the gate, so that each branch is a run of steps. A candidate
/// that exists by other reasons is copied, so that the gate's result has one place into which whatever branch runs writes.
/// <code>
/// before:  a(branch 0)  predictor  b(branch 1)  c(branch 0)  gate(scores, c, b, input)
/// after:   predictor  a  c  b  copy = Affine(input)  gate(scores, c, b, copy)
/// </code>
/// </summary>
internal static class GroupBranchesPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        if (!graph.Nodes.Any(n => n.Operator is Gate)) return graph;
        graph = graph with { Nodes = CopyCandidates(graph, BranchMap.Of(graph)).ToEquatableArray() };
        BranchMap branches = BranchMap.Of(graph);
        ILookup<Branch?, Node> members = graph.Nodes.ToLookup(n => branches[n.Name]);
        return graph with { Nodes = InOrder(null).ToEquatableArray() };

        IEnumerable<Node> InOrder(Branch? around) => members[around].SelectMany(node => node.Operator is Gate gate
            ? [.. Enumerable.Range(0, gate.Branches.Count).SelectMany(i => InOrder(new Branch(node.Name, i, around))), node]
            : new[] { node }.AsEnumerable());
    }

    private static IEnumerable<Node> CopyCandidates(NetworkGraph graph, BranchMap branches)
    {
        Dictionary<string, Node> makers = graph.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            string[] inputs = [.. node.Inputs];
            for (int i = 1; i < inputs.Length && node.Operator is Gate; i++)
            {
                bool isOwn = makers.TryGetValue(inputs[i], out Node? maker) && branches[maker.Name] == new Branch(node.Name, i - 1, branches[node.Name]) && !TensorViews.IsSlice(maker);
                if (isOwn) continue;
                Node copy = GraphEditor.Before(node, FormattableString.Invariant($".candidate{i - 1}"), new Affine(null, null), inputs[i]);
                yield return copy;
                inputs[i] = copy.Name;
            }

            yield return node.Operator is Gate ? node with { Inputs = EquatableArray.Adopt(inputs) } : node;
        }
    }
}

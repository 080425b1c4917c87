namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins choices by the index of the largest score, as Bitloom's own exports spell a gate. Choices stand inside choices, each for a range
/// of the index.
/// <code>
///   before   index = ArgMax(scores, axis 1),   If(Less(index, 2), If(Less(index, 1), a, b), c)
///   after    Gate(scores, a, b, c)
/// </code>
/// ONNX has no such operator. Its branches are called what the subgraphs were, where these have names of their own.
/// </summary>
internal static class FuseGatePass
{
    /// <summary>Attribute of a Gate: the name of its branch of that number.</summary>
    internal static string BranchName(int branch) => FormattableString.Invariant($"branch{branch}");

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        OnnxNode[] nodes = [.. graph.Nodes.Select(n => Find(n, finder) ?? n)];
        log.Removed("choices inside gates", nodes.Zip(graph.Nodes).Count(p => !ReferenceEquals(p.First, p.Second)));
        return graph with { Nodes = nodes };
    }

    private static OnnxNode? Find(OnnxNode node, NodeFinder finder)
    {
        if (node is not { Operator: "If", Domain.Length: 0, Inputs: [var condition, _, _] }) return null;
        if (finder.Maker(condition, "Less")?.Input(0) is not { } index || finder.Maker(index, "ArgMax") is not { } choice) return null;
        if (choice.Input(0) is not { } scores || choice.Integer("axis", 0) != 1 || choice.Integer("select_last_index", 0) != 0) return null;
        var leaves = new List<Leaf>();
        if (!Collect(node, index, 0, int.MaxValue, leaves, finder)) return null;
        bool areNamed = leaves.TrueForAll(l => l.Name.Length > 0) && leaves.DistinctBy(l => l.Name).Count() == leaves.Count;
        Dictionary<string, OnnxAttribute> attributes = leaves.Select((l, i) => (Key: BranchName(i), Text: areNamed ? l.Name : FormattableString.Invariant($"{i}")))
            .ToDictionary(p => p.Key, p => new OnnxAttribute(0, 0, p.Text, [], null));
        return new OnnxNode(node.Name, "Gate", "", [scores, .. leaves.Select(l => l.Value)], node.Outputs, attributes);
    }

    // The values that a choice takes for index first, first + 1, ..., end - 1; the last value of all stands for the last index.
    private static bool Collect(OnnxNode node, string index, int first, int end, List<Leaf> leaves, NodeFinder finder)
    {
        if (finder.Maker(node.Inputs[0], "Less") is not { } less || less.Input(0) != index) return false;
        if (finder.Number(less.Input(1)) is not { } bound || bound != (int)bound || bound <= first || bound >= end || bound > Compiler.Operators.Gate.MostBranches) return false;
        return CollectArm(node, 1, "then_branch", first, (int)bound) && CollectArm(node, 2, "else_branch", (int)bound, end);

        bool CollectArm(OnnxNode choice, int input, string attribute, int from, int to)
        {
            int before = leaves.Count;
            if (finder.Maker(choice.Inputs[input], "If") is { Inputs.Count: 3 } inner && Collect(inner, index, from, to, leaves, finder)) return true;
            leaves.RemoveRange(before, leaves.Count - before);
            if (to != from + 1 && to != int.MaxValue) return false;
            leaves.Add(new Leaf(choice.Inputs[input], choice.Text(attribute, "")));
            return true;
        }
    }

    private sealed record Leaf(string Value, string Name);
}

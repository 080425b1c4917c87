using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>One branch of a gate: what only this choice needs.</summary>
/// <param name="Gate">The gate node's name.</param>
/// <param name="Index">Which of its candidates, from 0.</param>
/// <param name="Parent">The branch of another gate that the gate itself stands in, or null.</param>
public sealed record Branch(string Gate, int Index, Branch? Parent)
{
    /// <summary>Branches around this one, itself included, from the outermost.</summary>
    internal IEnumerable<Branch> Path => Parent is null ? [this] : [.. Parent.Path, this];

    /// <summary>The innermost branch around both, or null.</summary>
    internal static Branch? Common(Branch? a, Branch? b)
    {
        if (a is null || b is null) return null;
        return a.Path.Zip(b.Path, (x, y) => (x, y)).TakeWhile(p => p.x == p.y).Select(p => p.x).LastOrDefault();
    }
}

/// <summary>
/// Which nodes run only if a gate chooses them: those that lead to nothing but one candidate of the gate.
/// <code>
/// input -+- predictor ------------------+- gate - output
///        +- resize 224 - classifier 224 -+         the upper classifier belongs to branch 0,
///        +- resize 112 - classifier 112 -+         the lower one to branch 1, the predictor to none
/// </code>
/// </summary>
public sealed class BranchMap
{
    private readonly Dictionary<string, Branch> _branches = [];

    private BranchMap()
    {
    }

    /// <summary>Finds the branches of a graph that <see cref="ShapeInference"/> accepts.</summary>
    public static BranchMap Of(NetworkGraph graph)
    {
        var map = new BranchMap();
        if (!graph.Nodes.Any(n => n.Operator is Gate)) return map;
        var readers = new Dictionary<string, List<(Node Node, int Position)>>(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!readers.TryGetValue(node.Inputs[i], out List<(Node Node, int Position)>? list)) readers.Add(node.Inputs[i], list = []);
                list.Add((node, i));
            }
        }

        var outputs = new HashSet<string>(graph.Outputs.Select(o => o.Tensor), StringComparer.Ordinal);
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (outputs.Contains(node.Name) || !readers.TryGetValue(node.Name, out List<(Node Node, int Position)>? uses)) continue;
            Branch?[] wanted = [.. uses.Select(use => map.BranchOf(use.Node, use.Position))];
            if (wanted.Aggregate(Branch.Common) is { } branch) map._branches.Add(node.Name, branch);
        }

        return map;
    }

    /// <summary>The branch that a node belongs to, or null where it always runs.</summary>
    public Branch? this[string node] => _branches.TryGetValue(node, out Branch branch) ? branch : null;

    // The branch in which a node reads its input at a position.
    private Branch? BranchOf(Node reader, int position) =>
        reader.Operator is Gate && position > 0 ? new Branch(reader.Name, position - 1, this[reader.Name]) : this[reader.Name];
}

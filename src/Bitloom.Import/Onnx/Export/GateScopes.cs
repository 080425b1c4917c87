using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export;

/// <summary>
/// A part of the network that runs only where a gate chooses its branch; without a parent, the whole network. A scope is equal only to
/// itself.
/// </summary>
/// <param name="parent">The scope in which the gate stands.</param>
internal sealed class Scope(Scope? parent)
{
    internal Scope? Parent => parent;

    /// <summary>Gates around it.</summary>
    internal int Depth { get; } = parent is null ? 0 : parent.Depth + 1;
}

/// <summary>
/// Finds which nodes belong into which branch of which gate: those from which every path to an output leads through that branch.
/// <code>
///   x -> a -> Gate[0]        a runs only for branch 0
///   x -> b -> Gate[1]        b runs only for branch 1
///   b -> c -> c, Gate[..]    what others read as well runs always
/// </code>
/// </summary>
internal sealed class GateScopes
{
    // Readers of ONNX bound how deep messages nest, to 100; a gate of 16 branches takes 12 levels.
    private const int Deepest = 6;

    private readonly Dictionary<string, Scope> _homes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Gate, int Branch), Scope> _branches = [];

    private GateScopes()
    {
    }

    /// <summary>The whole network.</summary>
    internal Scope Root { get; } = new(null);

    /// <summary>Scopes of all nodes of a network.</summary>
    internal static GateScopes Of(NetworkGraph network)
    {
        var scopes = new GateScopes();
        foreach (GraphInput input in network.Inputs) scopes._homes[input.Name] = scopes.Root;
        foreach (GraphOutput output in network.Outputs) scopes._homes[output.Tensor] = scopes.Root;
        foreach (Node node in network.Nodes.Reverse())
        {
            if (!scopes._homes.TryGetValue(node.Name, out Scope? home)) continue;
            for (int i = 0; i < node.Inputs.Count; i++)
                scopes.Read(node.Inputs[i], node.Operator is Gate && i > 0 ? scopes.Branch(node.Name, i - 1, home) : home);
        }

        return scopes;
    }

    /// <summary>Where a node runs or an input is given, or null where no output depends on it.</summary>
    internal Scope? HomeOf(string tensor) => _homes.GetValueOrDefault(tensor);

    /// <summary>The scope of a branch, counted from 0; that of the gate itself where gates nest too deep.</summary>
    internal Scope BranchOf(Node gate, int branch) => _branches[(gate.Name, branch)];

    private Scope Branch(string gate, int branch, Scope home) =>
        _branches[(gate, branch)] = home.Depth < Deepest ? new Scope(home) : home;

    private void Read(string tensor, Scope reader) =>
        _homes[tensor] = _homes.TryGetValue(tensor, out Scope? known) ? Common(known, reader) : reader;

    private static Scope Common(Scope a, Scope b)
    {
        while (a != b)
        {
            if (a.Depth >= b.Depth) a = a.Parent ?? a;
            else b = b.Parent ?? b;
        }

        return a;
    }
}

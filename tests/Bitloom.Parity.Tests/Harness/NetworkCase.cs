using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Harness;

/// <summary>A network with inputs: written once, run by every engine.</summary>
/// <param name="Name">What a failing test shows: enough to make the case again, e.g. a seed.</param>
/// <param name="Graph">The network.</param>
/// <param name="Inputs">Inputs by name; free sizes follow from them.</param>
internal sealed record NetworkCase(string Name, NetworkGraph Graph, IReadOnlyDictionary<string, Tensor> Inputs)
{
    /// <summary>The free height, which a session is created for; 0 where the network fixes its size.</summary>
    internal int Height => InputBinding.Check(Graph, Inputs).GetValueOrDefault("height");

    /// <summary>The free width, which a session is created for; 0 where the network fixes its size.</summary>
    internal int Width => InputBinding.Check(Graph, Inputs).GetValueOrDefault("width");

    /// <summary>What the reference interpreter makes of it.</summary>
    internal IReadOnlyDictionary<string, Tensor> Interpret() => Interpreter.Run(Graph, Inputs);

    /// <summary>The graph, a node a line, for messages.</summary>
    internal string Describe()
    {
        IEnumerable<string> inputs = Graph.Inputs.Select(i => $"  input {i.Name}: {Inputs[i.Name]}");
        IEnumerable<string> nodes = Graph.Nodes.Select(n => $"  {n.Name} = {n.Operator}({string.Join(", ", n.Inputs)})");
        IEnumerable<string> outputs = Graph.Outputs.Select(o => $"  output {o.Name}: {o.Tensor}");
        return string.Join("\n", [Name, .. inputs, .. nodes, .. outputs]);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace Bitloom.Compiler.Graph;

/// <summary>A network as a directed acyclic graph over one image. Nodes stand in topological order.</summary>
/// <param name="Name">Name of the network, e.g. <c>bbcu-m-x2</c>.</param>
/// <param name="Description">One line for the reader of the emitted code; may be empty.</param>
/// <param name="Inputs">What the caller gives.</param>
/// <param name="Nodes">Operators, each after everything that it reads.</param>
/// <param name="Outputs">What the caller receives.</param>
public sealed record NetworkGraph(
    string Name,
    string Description,
    EquatableArray<GraphInput> Inputs,
    EquatableArray<Node> Nodes,
    EquatableArray<GraphOutput> Outputs)
{
    /// <summary>The same network that also returns the tensors named, under their own names: for inspection layer by layer.</summary>
    public NetworkGraph Expose(IEnumerable<string> tensors) => this with
    {
        Outputs = Outputs.Concat(tensors.Where(t => Outputs.All(o => o.Name != t))
            .Select(t => new GraphOutput(t, t, Diagnostics.SourceLocation.None))).ToEquatableArray(),
    };
}

using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Compiler.Graph;

/// <summary>Removes the places in a descriptor from a graph.</summary>
public static class GraphLocations
{
    /// <summary>The same network without locations: equal for equal networks, wherever they came from.</summary>
    public static NetworkGraph WithoutLocations(this NetworkGraph graph) => graph with
    {
        Inputs = graph.Inputs.Select(i => i with { Location = SourceLocation.None }).ToEquatableArray(),
        Nodes = graph.Nodes.Select(n => n with { Location = SourceLocation.None }).ToEquatableArray(),
        Outputs = graph.Outputs.Select(o => o with { Location = SourceLocation.None }).ToEquatableArray(),
    };
}

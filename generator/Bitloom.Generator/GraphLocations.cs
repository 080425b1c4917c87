using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Generator;

/// <summary>
/// The places of a graph in a fixed order: the file, inputs, nodes, outputs. Graphs of equal content have equally many, so that an index
/// found in the graph that was compiled leads to the place in the descriptor as it is now.
/// </summary>
internal static class GraphLocations
{
    /// <summary>All places; only the file's where there is no graph.</summary>
    internal static IEnumerable<SourceLocation> Of(NetworkGraph? graph)
    {
        yield return SourceLocation.None;
        if (graph is null) yield break;
        foreach (GraphInput input in graph.Inputs) yield return input.Location;
        foreach (Node node in graph.Nodes) yield return node.Location;
        foreach (GraphOutput output in graph.Outputs) yield return output.Location;
    }

    /// <summary>Index of a place that the compiler named: the very place, else the node of that name, else the file.</summary>
    internal static int IndexOf(NetworkGraph graph, SourceLocation location)
    {
        List<SourceLocation> all = Of(graph).ToList();
        int exact = all.IndexOf(location);
        return exact >= 0 ? exact : Math.Max(0, all.FindIndex(other => other.Node == location.Node));
    }
}

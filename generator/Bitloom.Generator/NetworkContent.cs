using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;

namespace Bitloom.Generator;

/// <summary>
/// A network as emission sees it. Two are equal where the same code would be emitted: same name, description, nodes and weights.
/// Comments, white space and the places of nodes in the file do not count.
/// </summary>
/// <remarks>
/// Megabytes of weights are compared by their hash and not value by value: the driver compares at every keystroke.
/// </remarks>
internal sealed class NetworkContent : IEquatable<NetworkContent>
{
    private readonly string _hash;

    internal NetworkContent(NetworkGraph graph)
    {
        Graph = graph;
        _hash = DescriptorHash.Compute(graph);
    }

    /// <summary>The network, with the places that its nodes had when it was first read.</summary>
    internal NetworkGraph Graph { get; }

    /// <inheritdoc/>
    public bool Equals(NetworkContent? other) =>
        other is not null
        && string.Equals(_hash, other._hash, StringComparison.Ordinal)
        && string.Equals(Graph.Name, other.Graph.Name, StringComparison.Ordinal)
        && string.Equals(Graph.Description, other.Graph.Description, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkContent);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_hash);
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Benchmarks.Duels;

/// <summary>One comparison: a network of ours and a model of the peer's that does the same work, or the work that ours replaces.</summary>
/// <param name="Name">Short, unique; what <c>--filter</c> looks in.</param>
/// <param name="Peer">What the peer runs, in words.</param>
/// <param name="Model">The peer's ONNX file, below the folder of models.</param>
/// <param name="Size">Height and width of the image, the same for both.</param>
/// <param name="Network">Our network.</param>
internal sealed record DuelCase(string Name, string Peer, string Model, int Size, Func<NetworkGraph> Network)
{
    /// <summary>Our network with <see cref="Layers"/> layers fewer, whose time is subtracted; null where whole networks are compared.</summary>
    internal Func<NetworkGraph>? Overhead { get; init; }

    /// <summary>Layers that the difference of the two networks is divided by.</summary>
    internal int Layers { get; init; } = 1;
}

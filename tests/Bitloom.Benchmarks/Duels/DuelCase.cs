using Bitloom.Compiler.Graph;

namespace Bitloom.Benchmarks.Duels;

/// <summary>One comparison: a network of ours and a model of the peer's that does the same work, or the work that ours replaces.</summary>
/// <param name="Name">Short, unique together with <paramref name="Peer"/>; what <c>--filter</c> looks in.</param>
/// <param name="Peer">What the peer runs, in words.</param>
/// <param name="Size">Height and width of the image, the same for both.</param>
/// <param name="Own">Our network.</param>
/// <param name="PeerModel">The peer's model.</param>
internal sealed record DuelCase(string Name, string Peer, int Size, Workload<Func<NetworkGraph>> Own, Workload<PeerModel> PeerModel);

/// <summary>What a side runs: one network, or a network and one with fewer layers, whose time is subtracted.</summary>
/// <param name="Whole">The network.</param>
/// <param name="Overhead">The network to subtract, or null.</param>
/// <param name="Layers">How many layers fewer that has; 1 without one.</param>
internal sealed record Workload<T>(T Whole, T? Overhead = null, int Layers = 1)
    where T : class
{
    /// <summary>The side that runs this, its parts made by <paramref name="create"/>.</summary>
    internal IContender CreateContender(Func<T, IContender> create)
    {
        IContender whole = create(Whole);
        if (Overhead is null) return whole;
        try
        {
            return new DifferenceContender(whole, create(Overhead), Layers);
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }
}

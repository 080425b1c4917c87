using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Duels;

/// <summary>Both sides' turns with one number of threads, in pairs.</summary>
/// <param name="Threads">Threads of either side.</param>
/// <param name="Ours">One measurement a round.</param>
/// <param name="Peers">One measurement a round; the n-th was taken right after our n-th.</param>
internal sealed record DuelTurns(int Threads, IReadOnlyList<Measurement> Ours, IReadOnlyList<Measurement> Peers);

/// <summary>How long to measure.</summary>
/// <param name="Rounds">Turns of each side.</param>
/// <param name="TurnMilliseconds">Length of a turn; one run is the least.</param>
/// <param name="WarmUp">How long our side runs before its first turn, for the JIT.</param>
internal sealed record DuelLength(int Rounds, double TurnMilliseconds, TimeSpan WarmUp);

/// <summary>
/// Measures one case: in every round, for every number of threads, our turn and then the peer's. So both sides meet the machine in
/// the same state, whatever else it is doing, and whole rounds can be compared.
/// </summary>
internal sealed class Duel(PeerRuntime runtime, string modelFolder, DuelLength length)
{
    /// <summary>Version of ONNX Runtime; null before the first case.</summary>
    internal string? PeerVersion { get; private set; }

    /// <summary>The turns of a case, one entry for each number of threads.</summary>
    /// <exception cref="PeerException">The peer cannot run its model.</exception>
    internal IReadOnlyList<DuelTurns> Run(DuelCase duel, IReadOnlyList<int> threads, CancellationToken cancellation)
    {
        using HostedNetwork whole = HostedNetwork.Compile(duel.Network());
        using HostedNetwork? overhead = duel.Overhead is null ? null : HostedNetwork.Compile(duel.Overhead());
        var own = new List<IContender>();
        var peers = new List<IContender>();
        try
        {
            foreach (int count in threads)
            {
                peers.Add(StartPeer(duel, count));
                own.Add(new OwnContender(whole.CreateSession(duel.Size, duel.Size, count), overhead?.CreateSession(duel.Size, duel.Size, count), duel.Layers, length.WarmUp));
            }

            return TakeTurns(threads, own, peers, cancellation);
        }
        finally
        {
            foreach (IContender contender in own.Concat(peers)) contender.Dispose();
        }
    }

    private DuelTurns[] TakeTurns(IReadOnlyList<int> threads, List<IContender> own, List<IContender> peers, CancellationToken cancellation)
    {
        var turns = threads.Select(_ => (Own: new List<Measurement>(), Peer: new List<Measurement>())).ToArray();
        for (int round = 0; round < length.Rounds; round++)
            for (int i = 0; i < turns.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                turns[i].Own.Add(own[i].TakeTurn(length.TurnMilliseconds));
                turns[i].Peer.Add(peers[i].TakeTurn(length.TurnMilliseconds));
            }

        return [.. threads.Select((count, i) => new DuelTurns(count, turns[i].Own, turns[i].Peer))];
    }

    private PeerContender StartPeer(DuelCase duel, int threads)
    {
        var peer = new PeerContender(runtime, Path.Combine(modelFolder, duel.Model), threads, duel.Size, duel.Size);
        PeerVersion = peer.Version;
        if (peer.Shape is [1, _, var height, var width] && height == duel.Size && width == duel.Size) return peer;
        peer.Dispose();
        throw new PeerException($"the model fixes its input to {string.Join(" x ", peer.Shape)}, but the case runs {duel.Size} x {duel.Size}: give the model with free height and width");
    }
}

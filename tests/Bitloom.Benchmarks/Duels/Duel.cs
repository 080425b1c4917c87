using Bitloom.Benchmarks.Networks;
using Bitloom.Compiler.Graph;

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
        var held = new Stack<IDisposable>();
        try
        {
            var files = new TemporaryFolder();
            held.Push(files);
            var networks = new Dictionary<Func<NetworkGraph>, HostedNetwork>();
            foreach (Func<NetworkGraph> network in new[] { duel.Own.Whole, duel.Own.Overhead }.OfType<Func<NetworkGraph>>())
                held.Push(networks[network] = HostedNetwork.Compile(network()));

            var own = new List<IContender>();
            var peers = new List<IContender>();
            foreach (int count in threads)
            {
                peers.Add(duel.PeerModel.CreateContender(model => StartPeer(model.Locate(modelFolder, files.Path, duel.Size), count, duel.Size)));
                held.Push(peers[^1]);
                own.Add(duel.Own.CreateContender(network => new OwnContender(networks[network].CreateSession(duel.Size, duel.Size, count), length.WarmUp)));
                held.Push(own[^1]);
            }

            return TakeTurns(threads, own, peers, cancellation);
        }
        finally
        {
            while (held.TryPop(out IDisposable? last)) last.Dispose();
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

    private PeerContender StartPeer(string model, int threads, int size)
    {
        var peer = new PeerContender(runtime, model, threads, size, size);
        PeerVersion = peer.Version;
        if (peer.Shape is [1, _, var height, var width] && height == size && width == size) return peer;
        peer.Dispose();
        throw new PeerException($"the model fixes its input to {string.Join(" x ", peer.Shape)}, but the case runs {size} x {size}: give the model with free height and width.");
    }

    private sealed class TemporaryFolder : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("bitloom-peers-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}

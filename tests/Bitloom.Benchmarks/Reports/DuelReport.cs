using Bitloom.Benchmarks.Duels;

namespace Bitloom.Benchmarks.Reports;

/// <summary>Writes a results file of duels.</summary>
internal sealed class DuelReport(DuelLength length, DuelReportForm form)
{
    private readonly MarkdownTable _comparison = new(3, "network", "image", "peer: ONNX Runtime on", "threads", "ours, best", "ours, median", "peer, best", "peer, median", "ratio");
    private readonly MarkdownTable _scaling = new(2, "network", "image", "1 thread, median", "2 threads, median", "ratio");
    private readonly HashSet<(string Name, int Size)> _scaled = [];
    private readonly List<string> _skipped = [];

    /// <summary>True until a case was measured.</summary>
    internal bool IsEmpty => _comparison.Rows == 0;

    /// <summary>Adds a case's rows.</summary>
    internal void Add(DuelCase duel, IReadOnlyList<DuelTurns> results)
    {
        string size = FormattableString.Invariant($"{duel.Size} x {duel.Size}");
        foreach (DuelTurns turns in results)
        {
            Measurement ours = Measurement.Join(turns.Ours), peer = Measurement.Join(turns.Peers);
            string ratio = Figure.Ratio(Statistics.MedianRatio(turns.Peers, turns.Ours));
            _comparison.Add(duel.Name, size, duel.Peer, FormattableString.Invariant($"{turns.Threads}"), Figure.Time(ours.Best), Figure.Time(ours.Median), Figure.Time(peer.Best), Figure.Time(peer.Median), ratio);
        }

        // A network that meets several models of the peer's is listed once.
        if (!_scaled.Add((duel.Name, duel.Size))) return;
        if (results.FirstOrDefault(r => r.Threads == 1) is not { } one || results.FirstOrDefault(r => r.Threads == 2) is not { } two) return;
        string scaling = Figure.Ratio(Statistics.MedianRatio(one.Ours, two.Ours));
        _scaling.Add(duel.Name, size, Figure.Time(Measurement.Join(one.Ours).Median), Figure.Time(Measurement.Join(two.Ours).Median), scaling);
    }

    /// <summary>Notes a case that could not be measured.</summary>
    internal void Skip(DuelCase duel, string reason) => _skipped.Add($"- {duel.Name}, peer on {duel.Peer}: {reason}");

    /// <summary>The whole file.</summary>
    internal string Compose(string? peerVersion, string nodeVersion)
    {
        string rounds = FormattableString.Invariant($"{length.Rounds} round{(length.Rounds == 1 ? "" : "s")}");
        string[] circumstances = [$"ONNX Runtime {peerVersion ?? "not run"} in Node.js {nodeVersion}", rounds];
        string skipped = _skipped.Count > 0 ? "Not measured:\n\n" + string.Join('\n', _skipped) : "";
        string scaling = _scaling.Rows > 0 ? "Two threads of ours against one:\n\n" + _scaling : "";
        string comparison = _comparison.Rows > 0 ? _comparison.ToString() : "";
        return ResultsFile.Compose(form.Heading, circumstances, [comparison, scaling, skipped, form.Notes]);
    }
}

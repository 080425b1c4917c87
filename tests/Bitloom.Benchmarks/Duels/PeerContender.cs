using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bitloom.Benchmarks.Duels;

/// <summary>
/// ONNX Runtime's side: a process of its own that keeps one session and times its runs itself. While it is not its turn the process
/// is stopped by a signal, so that its threads, which spin for a while after a run, and its garbage collector take no cycles from ours;
/// the first run of a turn wakes them and is not timed.
/// </summary>
internal sealed class PeerContender : IContender
{
    private readonly Process _process;
    private readonly StoppableProcess _turns;
    private readonly double _estimate;

    /// <summary>Starts the peer and waits until it has run its model once.</summary>
    /// <param name="runtime">Where the peer's program is.</param>
    /// <param name="model">ONNX file.</param>
    /// <param name="threads">Threads of a run, from 1.</param>
    /// <param name="height">Rows of the input, where the model leaves them free.</param>
    /// <param name="width">Pixels a row, where the model leaves them free.</param>
    /// <exception cref="PeerException">The peer does not start or cannot load the model.</exception>
    internal PeerContender(PeerRuntime runtime, string model, int threads, int height, int width)
    {
        string[] arguments = [runtime.Script, model, .. new[] { threads, height, width }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(start) ?? throw new PeerException("node did not start.");
        _turns = new StoppableProcess(_process);
        try
        {
            PeerReply ready = ReadReply();
            (Version, Shape) = (ready.Version ?? "?", ready.Shape ?? []);
            _estimate = Statistics.Median(Ask(runs: 2));
            _turns.Stop();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Version of ONNX Runtime.</summary>
    internal string Version { get; }

    /// <summary>1 x channels x height x width of the model's first input.</summary>
    internal IReadOnlyList<int> Shape { get; }

    public Measurement TakeTurn(double milliseconds)
    {
        _turns.Continue();
        double[] times = Ask(Turn.Runs(milliseconds, _estimate));
        _turns.Stop();
        return new Measurement(times, [], 1);
    }

    public void Dispose()
    {
        // A stopped process would never see that its standard input has ended.
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private double[] Ask(int runs)
    {
        _process.StandardInput.WriteLine(FormattableString.Invariant($"{{\"runs\": {runs}}}"));
        _process.StandardInput.Flush();
        return ReadReply().Milliseconds is { Length: > 0 } times ? times : throw new PeerException("The peer answered without times.");
    }

    private PeerReply ReadReply()
    {
        string line = _process.StandardOutput.ReadLine() ?? throw new PeerException("The peer ended before it answered; what it said stands above.");
        return JsonSerializer.Deserialize<PeerReply>(line, JsonSerializerOptions.Web) ?? throw new PeerException($"The peer answered '{line}'.");
    }

    private sealed record PeerReply(string? Version, int[]? Shape, double[]? Milliseconds);
}

/// <summary>The peer cannot be measured; the message says why and what to do.</summary>
internal sealed class PeerException(string message) : Exception(message);

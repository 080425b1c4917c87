using System.Diagnostics;
using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Duels;

/// <summary>
/// Bitloom's side, in this process. Between turns its threads sleep: they spin for some 80 microseconds after a run, and the peer's
/// first run of a turn, which is not timed, takes longer than that.
/// </summary>
internal sealed class OwnContender : IContender
{
    private readonly ReadySession _session;
    private readonly double _estimate;

    /// <summary>Takes over the session and runs it until the JIT has had its say.</summary>
    internal OwnContender(ReadySession session, TimeSpan warmUp)
    {
        _session = session;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;) session.Run();
        _estimate = Time();
    }

    public Measurement TakeTurn(double milliseconds)
    {
        _session.Run();
        var times = new double[Turn.Runs(milliseconds, _estimate)];
        for (int i = 0; i < times.Length; i++) times[i] = Time();
        return new Measurement(times, [], 1);
    }

    public void Dispose() => _session.Dispose();

    private double Time()
    {
        long start = Stopwatch.GetTimestamp();
        _session.Run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

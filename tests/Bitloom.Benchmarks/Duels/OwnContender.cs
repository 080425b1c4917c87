using System.Diagnostics;
using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Duels;

/// <summary>
/// Bitloom's side, in this process. Between turns its threads sleep: they spin for some 80 microseconds after a run, and the peer's
/// first run of a turn, which is not timed, takes longer than that.
/// </summary>
internal sealed class OwnContender : IContender
{
    private readonly ReadySession _whole;
    private readonly ReadySession? _overhead;
    private readonly int _layers;
    private readonly double _estimate;

    /// <summary>Takes over the sessions and runs them until the JIT has had its say.</summary>
    /// <param name="whole">The network.</param>
    /// <param name="overhead">The same network with fewer layers, to be subtracted; or null.</param>
    /// <param name="layers">How many fewer; 1 without one.</param>
    /// <param name="warmUp">For how long to run first.</param>
    internal OwnContender(ReadySession whole, ReadySession? overhead, int layers, TimeSpan warmUp)
    {
        (_whole, _overhead, _layers) = (whole, overhead, layers);
        foreach (ReadySession session in new[] { whole, overhead }.OfType<ReadySession>())
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;) session.Run();
        _estimate = Time(whole) + (overhead is null ? 0 : Time(overhead));
    }

    public Measurement TakeTurn(double milliseconds)
    {
        int runs = Turn.Runs(milliseconds, _estimate);
        return new Measurement(Times(_whole, runs), _overhead is null ? [] : Times(_overhead, runs), _layers);
    }

    public void Dispose()
    {
        _whole.Dispose();
        _overhead?.Dispose();
    }

    private static double[] Times(ReadySession session, int runs)
    {
        session.Run();
        var times = new double[runs];
        for (int i = 0; i < runs; i++) times[i] = Time(session);
        return times;
    }

    private static double Time(ReadySession session)
    {
        long start = Stopwatch.GetTimestamp();
        session.Run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

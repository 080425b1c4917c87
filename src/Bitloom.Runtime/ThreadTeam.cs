using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Bitloom.Runtime;

/// <summary>
/// A few threads that run the same body over and over, each with its own part number, and meet at barriers in between.
/// The caller is part 0. The others spin briefly between runs, then sleep. Nothing is allocated after construction.
/// </summary>
/// <remarks>
/// <para>When a body throws, the run fails as a whole: every other part leaves its body at its next (or present) barrier, all parts
/// meet at the end of the run as always, and <see cref="Run"/> rethrows the first exception. The team can run again.</para>
/// <para>When one part's body returns while another waits at a barrier, that barrier can never fill. The waiting part sees this
/// and the run fails in the same way, so a body with unequal numbers of barriers cannot hang.</para>
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    // A poll is some 40 ns, so this is about 80 microseconds: longer than a caller takes between two runs in a loop, and short
    // enough that an idle team costs nothing that anyone notices.
    private const int PollsBeforeSleep = 2000;

    // At barriers a few microseconds only: right after a start the system may have two parts on one core, where the one that polls
    // keeps the other from running. On a core of its own a part loses nothing by yielding.
    private const int PollsBeforeYield = 200;

    // A yield that takes so long has let another thread run on this core. If that is another part, a moment of sleep is the way to be
    // woken on a core that is idle, where the system would leave both for half a second; if it is not, little is lost.
    private static readonly long s_longYield = Stopwatch.Frequency / 5000, s_betweenMoves = Stopwatch.Frequency / 20;

    // When this thread last began to work, and for how long it has worked in this run.
    [ThreadStatic]
    private static long t_started, t_busy;

    private readonly Action<int> _body;
    private readonly long[] _busy;
    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private readonly int _polls;
    private Counters _counters;
    private volatile bool _stopping;
    private Exception? _failure;
    private long _lastMove;

    internal ThreadTeam(int size, Action<int> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _body = body;
        _busy = new long[size];

        // With more parts than cores, whoever polls keeps the part that it waits for from running.
        _polls = size <= Environment.ProcessorCount ? PollsBeforeSleep : 20;
        _workers = new Thread[size - 1];
        try
        {
            for (int i = 0; i < _workers.Length; i++)
            {
                int part = i + 1;
                var worker = new Thread(() => Work(part), maxStackSize: 1 << 20) { IsBackground = true, Name = $"Bitloom {part}" };
                worker.Start();
                _workers[i] = worker;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal int Size { get; }

    /// <summary>For how long each part worked in the last run, without what it waited at barriers, in ticks of <see cref="Stopwatch"/>; 0 in a team of one.</summary>
    internal ReadOnlySpan<long> Busy => _busy;

    /// <summary>Parts that wait for the next run without using a core.</summary>
    internal int SleepingParts => Volatile.Read(ref _counters.Sleeping);

    /// <summary>Runs the body once on every part; returns when all have finished.</summary>
    /// <exception cref="InvalidOperationException">A run is in progress: on another thread, or this is called from the body.</exception>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    internal void Run()
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.Exchange(ref _counters.Busy, 1) != 0)
            throw new InvalidOperationException("The session is running already; a session serves one caller at a time, so give each caller its own.");
        try
        {
            if (Size == 1) _body(0);
            else RunAllParts();
        }
        finally
        {
            Volatile.Write(ref _counters.Busy, 0);
        }
    }

    /// <summary>Returns on every part once all parts have called it. Leaves the body by an exception where the run has failed.</summary>
    internal void Barrier()
    {
        if (Size == 1) return;
        t_busy += Stopwatch.GetTimestamp() - t_started;
        WaitForAll();
        t_started = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the threads. May be called again.</summary>
    /// <exception cref="InvalidOperationException">A run is in progress.</exception>
    public void Dispose()
    {
        if (_stopping) return;
        if (Volatile.Read(ref _counters.Busy) != 0) throw new InvalidOperationException("The session is running; dispose of it after the run.");
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread? worker in _workers) worker?.Join();
    }

    private void WaitForAll()
    {
        int number = Volatile.Read(ref _counters.BarrierNumber);
        if (Interlocked.Increment(ref _counters.Waiting) == Size)
        {
            _counters.Waiting = 0;
            Volatile.Write(ref _counters.BarrierNumber, number + 1);
            return;
        }

        for (int polls = 0; Volatile.Read(ref _counters.BarrierNumber) == number; polls++)
        {
            // A part that ended its body before this barrier filled will never come. One that ended it after the barrier filled
            // changed the number first, so the number must be read again after the count.
            if (Volatile.Read(ref _counters.Finished) != 0 && Volatile.Read(ref _counters.BarrierNumber) == number) throw new BrokenBarrierException();
            Pause(polls);
        }
    }

    private void RunAllParts()
    {
        _failure = null;
        _counters.Waiting = 0;
        _counters.Finished = 0;

        // Either a worker that goes to sleep sees the new number, or it is counted here as asleep: both sides write with a full
        // fence before they read. So the lock is needed only when someone sleeps.
        Interlocked.Increment(ref _counters.RunNumber);
        if (Volatile.Read(ref _counters.Sleeping) != 0)
        {
            lock (_gate) Monitor.PulseAll(_gate);
        }

        RunBody(0);
        for (int polls = 0; Volatile.Read(ref _counters.Finished) != Size; polls++) Pause(polls);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    // Between two looks at a number that another part is about to change.
    private void Pause(int polls)
    {
        if (polls < Math.Min(_polls, PollsBeforeYield))
        {
            Thread.SpinWait(1);
            return;
        }

        long before = Stopwatch.GetTimestamp();
        Thread.Yield();
        long after = Stopwatch.GetTimestamp();
        if (after - before < s_longYield || after - Volatile.Read(ref _lastMove) < s_betweenMoves) return;
        Volatile.Write(ref _lastMove, after);
        Thread.Sleep(1);
    }

    private void Work(int part)
    {
        int seen = 0;
        while (true)
        {
            for (int polls = 0; polls < _polls && Volatile.Read(ref _counters.RunNumber) == seen && !_stopping; polls++) Thread.SpinWait(1);
            if (Volatile.Read(ref _counters.RunNumber) == seen) Sleep(seen);
            if (_stopping) return;
            seen++;
            RunBody(part);
        }
    }

    private void Sleep(int seen)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _counters.Sleeping);
            while (Volatile.Read(ref _counters.RunNumber) == seen && !_stopping) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _counters.Sleeping);
        }
    }

    // Counting a part as finished is its last act in a run: the caller waits for that, so no part computes after Run has returned.
    private void RunBody(int part)
    {
        (t_busy, t_started) = (0, Stopwatch.GetTimestamp());
        try
        {
            _body(part);
        }
        catch (Exception failure)
        {
            // A broken barrier is nearly always the echo of another part's exception, which is kept instead.
            if (failure is BrokenBarrierException) Interlocked.CompareExchange(ref _failure, failure, null);
            else if (Interlocked.CompareExchange(ref _failure, failure, null) is BrokenBarrierException echo) Interlocked.CompareExchange(ref _failure, failure, echo);
        }

        _busy[part] = t_busy + (Stopwatch.GetTimestamp() - t_started);
        Interlocked.Increment(ref _counters.Finished);
    }

    private sealed class BrokenBarrierException()
        : InvalidOperationException("A part of the session ended while others waited for it at a barrier.");

    // Each of the busy numbers on its own cache lines, so that polling one does not slow writers of another. Two lines apart,
    // because processors fetch them in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 6 * 128)]
    private struct Counters
    {
        [FieldOffset(64)] internal int RunNumber;
        [FieldOffset(64 + 128)] internal int Waiting;
        [FieldOffset(64 + 256)] internal int BarrierNumber;
        [FieldOffset(64 + 384)] internal int Finished;
        [FieldOffset(64 + 512)] internal int Sleeping;
        [FieldOffset(64 + 640)] internal int Busy;
    }
}

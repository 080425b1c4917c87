namespace Bitloom.Runtime;

/// <summary>
/// A few threads that run the same body over and over, each with its own part number, and meet at barriers in between.
/// The caller is part 0. The others spin briefly between runs, then sleep. Nothing is allocated after construction.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    // About a few microseconds: longer than a barrier between two kernels should ever take, shorter than anyone notices.
    private const int SpinsBeforeSleep = 2000;

    private readonly Action<int> _body;
    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private volatile int _runNumber;
    private volatile bool _stopping;
    private volatile Exception? _failure;
    private int _waiting;
    private volatile int _barrierNumber;

    internal ThreadTeam(int size, Action<int> body)
    {
        Size = size;
        _body = body;
        _workers = new Thread[size - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int part = i + 1;
            _workers[i] = new Thread(() => Work(part), maxStackSize: 1 << 20) { IsBackground = true, Name = $"Bitloom {part}" };
            _workers[i].Start();
        }
    }

    internal int Size { get; }

    /// <summary>Runs the body once on every part; returns when all have finished.</summary>
    internal void Run()
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Size == 1)
        {
            _body(0);
            return;
        }

        _failure = null;
        lock (_gate)
        {
            _runNumber++;
            Monitor.PulseAll(_gate);
        }

        RunBody(0);
        if (_failure is { } failure) throw new InvalidOperationException("A thread of the session failed.", failure);
    }

    /// <summary>Returns on every part once all parts have called it.</summary>
    internal void Barrier()
    {
        if (Size == 1) return;
        int number = _barrierNumber;
        if (Interlocked.Increment(ref _waiting) == Size)
        {
            _waiting = 0;
            _barrierNumber = number + 1;
            return;
        }

        var spinner = new SpinWait();
        for (int spins = 0; _barrierNumber == number; spins++)
        {
            if (spins < SpinsBeforeSleep) Thread.SpinWait(8);
            else spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping) return;
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread worker in _workers) worker.Join();
    }

    private void Work(int part)
    {
        int seen = 0;
        while (true)
        {
            for (int spins = 0; _runNumber == seen && !_stopping && spins < SpinsBeforeSleep; spins++) Thread.SpinWait(8);
            lock (_gate)
            {
                while (_runNumber == seen && !_stopping) Monitor.Wait(_gate);
            }

            if (_stopping) return;
            seen = _runNumber;
            RunBody(part);
        }
    }

    // The last barrier of a run is here, so that no part can return while another still computes.
    private void RunBody(int part)
    {
        try
        {
            _body(part);
        }
        catch (Exception failure)
        {
            _failure = failure;
        }

        Barrier();
    }
}

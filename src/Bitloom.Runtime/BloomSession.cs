using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime;

/// <summary>
/// A network made ready for one image size: its arena, its expanded weights and its threads. Emitted sessions derive from this
/// and add a typed <c>Run</c> over spans. <c>Run</c> allocates nothing. A session serves one caller at a time.
/// </summary>
public abstract unsafe class BloomSession : IDisposable
{
    private ThreadTeam? _team;
    private ThreadBalance? _balance;

    /// <summary>Called by emitted sessions.</summary>
    protected BloomSession(IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs, int threads, VectorWidth vectorWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 256);
        Inputs = inputs;
        Outputs = outputs;
        VectorWidth = vectorWidth;
        Threads = threads;
    }

    /// <summary>What <c>Run</c> reads, in order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What <c>Run</c> writes, in order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Threads that share the work, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>The width chosen.</summary>
    public VectorWidth VectorWidth { get; }

    /// <summary>Bytes of activations.</summary>
    public abstract long ArenaBytes { get; }

    /// <summary>Bytes of weights in the form that kernels read.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>Runs the network on arrays in the order of <see cref="Inputs"/> and <see cref="Outputs"/>: for tools; programs use the typed <c>Run</c>.</summary>
    /// <exception cref="ArgumentException">A count or a length differs from what the session expects.</exception>
    public void Run(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs)
    {
        if (inputs.Count != Inputs.Count) throw new ArgumentException($"{inputs.Count} inputs given, the network has {Inputs.Count}.", nameof(inputs));
        if (outputs.Count != Outputs.Count) throw new ArgumentException($"{outputs.Count} outputs given, the network has {Outputs.Count}.", nameof(outputs));
        for (int i = 0; i < inputs.Count; i++) CheckLength(Inputs[i], inputs[i].Length);
        for (int i = 0; i < outputs.Count; i++) CheckLength(Outputs[i], outputs[i].Length);
        RunArrays(inputs, outputs);
    }

    private ThreadTeam Team => _team ?? throw new InvalidOperationException("The session's constructor has not started its threads.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _team?.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the threads: the last thing that a constructor does, so that a failed one leaves none behind.</summary>
    /// <param name="balancesThreads">True for shares of work that follow the threads' speeds, false for equal ones.</param>
    protected void StartThreads(bool balancesThreads = false)
    {
        _balance = balancesThreads && Threads > 1 ? new ThreadBalance(Threads) : null;
        _team = new ThreadTeam(Threads, RunPart);
    }

    /// <summary>Frees what the emitted session holds. Called once or more.</summary>
    protected abstract void Release();

    /// <summary>Pins the arrays and runs.</summary>
    protected abstract void RunArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs);

    /// <summary>One thread's share of every step of the network.</summary>
    protected abstract void RunPart(int part);

    /// <summary>Runs <see cref="RunPart"/> on every thread and returns when all are done.</summary>
    protected void RunAllParts()
    {
        Team.Run();
        _balance?.Adjust(Team.Busy);
    }

    /// <summary>What a thread does, in this run, of work that all share.</summary>
    protected ThreadShare ShareOf(int part) => _balance?.Of(part) ?? ThreadShare.Equal(part, Threads);

    /// <summary>Waits, inside <see cref="RunPart"/>, until every thread has come here.</summary>
    protected void Barrier() => Team.Barrier();

    /// <summary>Throws where a span given for <paramref name="tensor"/> has the wrong length.</summary>
    protected static void CheckLength(TensorInfo tensor, int length)
    {
        if (length != tensor.Length)
            throw new ArgumentException($"'{tensor.Name}' holds {length} values, expected {tensor.Length} ({tensor.Channels} x {tensor.Height} x {tensor.Width}).");
    }
}

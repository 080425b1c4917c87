using System.Collections.Concurrent;

namespace Bitloom.Training.Data;

/// <summary>
/// Makes the batches of the steps to come on a thread of its own, while the network computes. What a batch holds depends on its step
/// alone, so timing changes nothing.
/// </summary>
public sealed class BatchPrefetch : IDisposable
{
    private const int Ahead = 3;

    private readonly BlockingCollection<SampleBatch> _empty = [], _filled = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;

    /// <summary>Starts to make batches.</summary>
    /// <param name="source">Where samples come from.</param>
    /// <param name="samples">Samples of a batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="firstStep">The step of the first batch.</param>
    public BatchPrefetch(SampleSource source, int samples, ulong seed, long firstStep)
    {
        for (int i = 0; i < Ahead; i++) _empty.Add(new SampleBatch(source.Sizes, samples));
        _thread = new Thread(() => Work(source, seed, firstStep)) { IsBackground = true, Name = "batches" };
        _thread.Start();
    }

    /// <summary>The next step's batch; give it back by <see cref="Return"/>.</summary>
    /// <exception cref="TrainingException">It could not be made.</exception>
    public SampleBatch Take()
    {
        try
        {
            return _filled.Take();
        }
        catch (InvalidOperationException) when (_failure is not null)
        {
            throw _failure is TrainingException known ? known : new TrainingException($"a batch could not be made: {_failure.Message}");
        }
    }

    /// <summary>Gives a batch back to be filled again.</summary>
    public void Return(SampleBatch batch) => _empty.Add(batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
        _empty.Dispose();
        _filled.Dispose();
    }

    private void Work(SampleSource source, ulong seed, long step)
    {
        try
        {
            for (; ; step++)
            {
                SampleBatch batch = _empty.Take(_stop.Token);
                source.Fill(batch, seed, step);
                _filled.Add(batch, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (Exception failure)
        {
            // Told to the run when it asks for the batch.
            _failure = failure;
            _filled.CompleteAdding();
        }
    }
}

using System.Diagnostics;

namespace Bitloom.Training.Runs;

/// <summary>Losses and speed between reports; validations do not count as time of training.</summary>
/// <param name="samples">Samples of a step.</param>
/// <param name="steps">Steps of the run.</param>
internal sealed class SpeedMeter(int samples, long steps)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _losses;
    private int _count;

    /// <summary>Adds the loss of a step.</summary>
    internal void Add(double loss)
    {
        _losses += loss;
        _count++;
    }

    /// <summary>The report of the steps since the last one.</summary>
    internal RunProgress Report(long step, double rate)
    {
        double perStep = _clock.Elapsed.TotalSeconds / _count;
        var progress = new RunProgress(step, steps, _losses / _count, rate, samples / perStep, TimeSpan.FromSeconds(Math.Min(perStep * (steps - step), TimeSpan.FromDays(9999).TotalSeconds)));
        (_losses, _count) = (0, 0);
        _clock.Restart();
        return progress;
    }

    /// <summary>Does something else while the clock stands.</summary>
    internal void Pause(Action other)
    {
        _clock.Stop();
        other();
        _clock.Start();
    }
}

using System.Diagnostics;

namespace Samples;

/// <summary>A bar that appears on a terminal once the work has taken two seconds, and is wiped out at the end.</summary>
/// <param name="target">Where it is drawn.</param>
/// <param name="isTerminal">Whether that can be drawn over; if not, nothing is written.</param>
public sealed class ProgressBar(TextWriter target, bool isTerminal) : IDisposable
{
    private const int Cells = 40;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _isShown;

    /// <summary>Shows how much is done.</summary>
    public void Report(int done, int total)
    {
        if (!isTerminal || _clock.Elapsed.TotalSeconds < 2) return;
        _isShown = true;
        int filled = (int)((long)Cells * done / total);
        target.Write(Invariant($"\r[{new string('#', filled)}{new string('.', Cells - filled)}] {100L * done / total,3}%"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShown) target.Write($"\r{new string(' ', Cells + 7)}\r");
    }
}

using System.Runtime.InteropServices;

namespace Bitloom.Tool;

/// <summary>
/// Turns Ctrl-C and a request to terminate into cancellation. A verb that is inside one long computation, such as a run over a large
/// image, cannot look at the token: after a moment of grace the process ends all the same, but never within the write of a file.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Timer _deadline;

    internal Interruption()
    {
        _deadline = new Timer(_ => Exit(), null, Timeout.Infinite, Timeout.Infinite);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
        ];
    }

    /// <summary>True while a verb is to end by itself after the first signal, however long it takes; the second ends the process.</summary>
    internal bool IsPatient { get; set; }

    /// <summary>Cancelled at the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _deadline.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!IsPatient || _source.IsCancellationRequested) _deadline.Change(Grace, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }

    private static void Exit()
    {
        lock (OutputFiles.Writing)
        {
            Console.Error.WriteLine(BloomCommandLine.InterruptedLine);
            Environment.Exit(ExitCode.Interrupted);
        }
    }
}

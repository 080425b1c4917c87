using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bitloom.Benchmarks.Duels;

/// <summary>Stops and continues a process. On Windows, which has no such signals, stopping waits until the process has become idle.</summary>
internal sealed class StoppableProcess(Process process)
{
    // Threads of ONNX Runtime that find no work spin for a few milliseconds.
    private static readonly TimeSpan UntilIdle = TimeSpan.FromMilliseconds(50);

    private static readonly int StopSignal = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int ContinueSignal = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Returns when the process uses no core.</summary>
    internal void Stop()
    {
        if (OperatingSystem.IsWindows()) Thread.Sleep(UntilIdle);
        else Send(StopSignal);
    }

    /// <summary>Lets the process run on.</summary>
    internal void Continue()
    {
        if (!OperatingSystem.IsWindows()) Send(ContinueSignal);
    }

    private void Send(int signal)
    {
        if (Kill(process.Id, signal) != 0) throw new PeerException($"The peer cannot be signalled: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

using System.Runtime.InteropServices;

namespace Bitloom.Runtime;

/// <summary>
/// Asks the operating system to back memory with large pages. A convolution reads as many far apart planes at once as there are
/// channels, more than the processor keeps addresses of ordinary pages for.
/// </summary>
internal static unsafe partial class LargePages
{
    /// <summary>Size and alignment of a large page on x64 and Arm64.</summary>
    internal const long PageBytes = 2 << 20;

    // Linux: madvise(MADV_HUGEPAGE).
    private const int AdviseHugePage = 14;

    /// <summary>Advises only: where the system has no such thing, or says no, nothing changes.</summary>
    internal static void Advise(byte* start, long bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = AdviseMemory(start, (nuint)bytes, AdviseHugePage);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it: ordinary pages do.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(void* start, nuint length, int advice);
}

namespace Bitloom.Runtime.Kernels;

/// <summary>The static partition of work among threads.</summary>
public static unsafe class Share
{
    /// <summary>The part of <paramref name="count"/> rows or blocks that belongs to <paramref name="part"/> of <paramref name="parts"/>.</summary>
    public static (int First, int End) Of(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));

    // Beyond the last-level cache a weight arrives as slowly as it is multiplied with so many pixels or patches.
    internal const int LeastUsesOfWeight = 20;

    /// <summary>As few parts of at most so many as possible; or the size of the largest of so many parts.</summary>
    internal static int Parts(int count, int most) => (count + most - 1) / most;

    /// <summary>Clears one thread's part of <paramref name="bytes"/>.</summary>
    public static void Clear(byte* start, long bytes, int part, int parts)
    {
        long first = bytes * part / parts, end = bytes * (part + 1) / parts;
        System.Runtime.InteropServices.NativeMemory.Clear(start + first, (nuint)(end - first));
    }
}

namespace Bitloom.Runtime.Kernels;

/// <summary>The static partition of work among threads.</summary>
public static class Share
{
    /// <summary>The part of <paramref name="count"/> rows or blocks that belongs to <paramref name="part"/> of <paramref name="parts"/>.</summary>
    public static (int First, int End) Of(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}

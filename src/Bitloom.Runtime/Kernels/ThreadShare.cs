namespace Bitloom.Runtime.Kernels;

/// <summary>What one thread does of work that all threads share: what lies between two fractions of it.</summary>
public readonly struct ThreadShare
{
    private const int FractionBits = 30;
    private const long Whole = 1L << FractionBits;

    private readonly long _first, _end, _least;

    /// <summary>The share of a thread.</summary>
    /// <param name="part">The thread.</param>
    /// <param name="parts">Threads in all.</param>
    /// <param name="first">Where its work begins, from 0 to 1; where the work of the thread before it ends.</param>
    /// <param name="end">Where its work ends.</param>
    /// <param name="least">The smallest share of all threads.</param>
    internal ThreadShare(int part, int parts, double first, double end, double least)
    {
        (Part, Parts) = (part, parts);
        (_first, _end, _least) = ((long)(first * Whole), part == parts - 1 ? Whole : (long)(end * Whole), (long)(least * Whole));
    }

    /// <summary>The thread.</summary>
    public int Part { get; }

    /// <summary>Threads in all.</summary>
    public int Parts { get; }

    /// <summary>An equal share.</summary>
    public static ThreadShare Equal(int part, int parts) => new(part, parts, part / (double)parts, (part + 1) / (double)parts, 1.0 / parts);

    /// <summary>The thread's part of <paramref name="count"/> rows, blocks or chunks, perhaps none.</summary>
    public (int First, int End) Of(int count) => (At(count, _first), At(count, _end));

    /// <summary>No thread has fewer of <paramref name="count"/> than these.</summary>
    public int LeastOf(int count) => (int)((count * _least) >> FractionBits);

    private static int At(int count, long fraction) => (int)(((count * fraction) + (Whole / 2)) >> FractionBits);
}

using System.Diagnostics;
using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime;

/// <summary>
/// Shares of work for threads on cores of unequal speed: big and little ones, or cores that somebody else uses too. After each run, a
/// thread that was busy for longer than others gets less. What is computed does not depend on who computes it.
/// </summary>
internal sealed class ThreadBalance
{
    // Runs that are shorter say little; busy times that are so near to each other are equal.
    private static readonly long s_shortest = Stopwatch.Frequency / 5000;
    private const double Tolerance = 1.06;

    // How far one run changes a share, and how small that may become.
    private const double LeastChange = 0.85, LeastOfEqual = 0.25;

    private readonly double[] _shares;

    internal ThreadBalance(int parts) => _shares = [.. Enumerable.Repeat(1.0 / parts, parts)];

    /// <summary>The share of a thread, until the next adjustment.</summary>
    internal ThreadShare Of(int part)
    {
        double first = 0, least = 1;
        for (int i = 0; i < _shares.Length; i++)
        {
            if (i < part) first += _shares[i];
            least = Math.Min(least, _shares[i]);
        }

        return new ThreadShare(part, _shares.Length, first, first + _shares[part], least);
    }

    /// <summary>Moves shares half of the way to where all threads would have been busy for as long, given for how long each was.</summary>
    internal void Adjust(ReadOnlySpan<long> busy)
    {
        long longest = 0, shortest = long.MaxValue, total = 0;
        foreach (long time in busy)
        {
            longest = Math.Max(longest, time);
            shortest = Math.Min(shortest, time);
            total += time;
        }

        if (shortest < s_shortest || longest < Tolerance * shortest) return;
        double mean = total / (double)busy.Length, sum = 0;
        for (int part = 0; part < _shares.Length; part++)
        {
            double change = Math.Clamp(Math.Sqrt(mean / busy[part]), LeastChange, 1 / LeastChange);
            _shares[part] = Math.Max(_shares[part] * change, LeastOfEqual / _shares.Length);
            sum += _shares[part];
        }

        for (int part = 0; part < _shares.Length; part++) _shares[part] /= sum;
    }
}

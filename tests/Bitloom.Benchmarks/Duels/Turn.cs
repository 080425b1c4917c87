namespace Bitloom.Benchmarks.Duels;

/// <summary>How long a turn is.</summary>
internal static class Turn
{
    private const int MostRuns = 50;

    /// <summary>Timed runs of a turn of that many milliseconds, from 1, when one run takes about <paramref name="estimate"/>.</summary>
    internal static int Runs(double milliseconds, double estimate) => (int)Math.Clamp(milliseconds / estimate, 1, MostRuns);
}

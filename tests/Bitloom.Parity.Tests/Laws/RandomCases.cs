using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Seeds for property tests. <c>BITLOOM_SEEDS</c> sets how many are drawn, <c>BITLOOM_FIRST_SEED</c> where they begin.</summary>
internal static class RandomCases
{
    private const int DefaultCount = 24;

    /// <summary>Checks a law on random networks of a kind; a failure names its seed and shows the smallest failing case.</summary>
    /// <param name="kind">What to draw from.</param>
    /// <param name="law">Null where the law holds, otherwise what is wrong.</param>
    /// <param name="share">One in so many of the seeds' count is drawn: for laws that depend little on the network.</param>
    internal static void CheckAll(GraphKind kind, Func<NetworkCase, string?> law, int share = 1)
    {
        int first = Number("BITLOOM_FIRST_SEED", 0), count = Math.Max(1, Number("BITLOOM_SEEDS", DefaultCount) / share);
        for (int seed = first; seed < first + count; seed++) GraphShrinker.Check(RandomNetwork.Draw(seed, kind), law);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}

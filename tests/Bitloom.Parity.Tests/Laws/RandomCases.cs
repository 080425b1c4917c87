using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Seeds for property tests. <c>BITLOOM_SEEDS</c> sets how many are drawn, <c>BITLOOM_FIRST_SEED</c> where they begin.</summary>
internal static class RandomCases
{
    private const int DefaultCount = 24;

    /// <summary>Checks a law on random networks of a kind; a failure names its seed and shows the smallest failing case.</summary>
    internal static void CheckAll(GraphKind kind, Func<NetworkCase, string?> law)
    {
        int first = Number("BITLOOM_FIRST_SEED", 0), count = Number("BITLOOM_SEEDS", DefaultCount);
        for (int seed = first; seed < first + count; seed++) GraphShrinker.Check(RandomNetwork.Draw(seed, kind), law);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}

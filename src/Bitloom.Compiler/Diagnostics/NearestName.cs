namespace Bitloom.Compiler.Diagnostics;

/// <summary>Finds the name that a misspelt one probably meant, by edit distance.</summary>
public static class NearestName
{
    // Longer names and longer lists are not searched: a suggestion must never cost more than reading the file.
    private const int LongestName = 64, MostCandidates = 4096;

    /// <summary>The candidate nearest to <paramref name="name"/>, or null where none is near (a third of its letters may differ).</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > LongestName) return null;
        int bound = Math.Max(1, (name.Length + 1) / 3) + 1;
        string? nearest = null;
        bool sameStart = false;
        foreach (string candidate in candidates.Take(MostCandidates))
        {
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - name.Length) > bound) continue;
            int distance = Distance(name, candidate);

            // Of equals the first that starts alike: the first letter is seldom the wrong one.
            bool starts = candidate.Length > 0 && char.ToLowerInvariant(candidate[0]) == char.ToLowerInvariant(name[0]);
            if (distance < bound || (distance == bound && nearest is not null && starts && !sameStart)) (nearest, bound, sameStart) = (candidate, distance, starts);
        }

        return nearest;
    }

    /// <summary><c>; did you mean 'x'?</c> or an empty string, to append to a message.</summary>
    public static string Suggest(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    // Levenshtein's distance with one row; letters that differ in case only are the same letter.
    private static int Distance(string from, string to)
    {
        Span<int> row = stackalloc int[LongestName + 1];
        for (int column = 0; column <= to.Length; column++) row[column] = column;
        for (int line = 1; line <= from.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= to.Length; column++)
            {
                bool same = char.ToLowerInvariant(from[line - 1]) == char.ToLowerInvariant(to[column - 1]);
                int best = Math.Min(Math.Min(row[column], row[column - 1]) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[column]) = (row[column], best);
            }
        }

        return row[to.Length];
    }
}

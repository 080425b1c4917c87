namespace Bitloom.Tool;

/// <summary>Finds what a mistyped word was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest single-letter changes from <paramref name="word"/>, or null where none is near.</summary>
    internal static string? Find(string word, IEnumerable<string> candidates)
    {
        (string? Name, int Distance) best = candidates.Select(c => ((string?)c, Distance(word, c))).DefaultIfEmpty((null, int.MaxValue)).MinBy(c => c.Item2);
        return best.Distance <= Math.Max(2, word.Length / 3) ? best.Name : null;
    }

    // Levenshtein's recurrence, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = previous[j - 1] + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}

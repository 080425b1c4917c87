namespace Bitloom.Generator;

/// <summary>Finds the descriptor that an attribute names: by file name, or by the last parts of its path.</summary>
internal static class DescriptorSearch
{
    private const int MostSuggestions = 3;

    /// <summary>The paths that end in <paramref name="name"/>, whole parts only, in ordinal order; names compare by case.</summary>
    internal static IReadOnlyList<string> Find(string name, IEnumerable<string> paths)
    {
        string wanted = name.StartsWith("./", StringComparison.Ordinal) ? name.Substring(2) : name;
        return wanted.Length == 0 ? [] : Distinct(paths.Where(path =>
            path == wanted || path.EndsWith("/" + wanted, StringComparison.Ordinal)));
    }

    /// <summary>Why no descriptor was found, and the line to add.</summary>
    internal static string DescribeMissing(string name, IEnumerable<string> paths)
    {
        if (name.Length == 0) return "The attribute names no descriptor: give the file name of a BloomModel item, e.g. [BloomModel(\"network.bloom\")].";
        string wanted = FileName(name);
        string[] nearest = Distinct(paths.Select(FileName))
            .OrderBy(other => EditDistance(wanted.ToLowerInvariant(), other.ToLowerInvariant())).ThenBy(other => other, StringComparer.Ordinal)
            .Take(MostSuggestions).Select(other => $"'{other}'").ToArray();
        string remedy = nearest.Length == 0
            ? "The project has none: add"
            : $"Nearest: {string.Join(", ", nearest)}. Correct the name, or add";
        return $"No BloomModel item is called '{name}'. {remedy} <BloomModel Include=\"{name}\" /> to an <ItemGroup> of the project.";
    }

    /// <summary>Which descriptors a name fits, each with as much of its path as tells it apart.</summary>
    internal static string DescribeAmbiguous(string name, IReadOnlyList<string> candidates)
    {
        int parts = name.Count(c => c == '/') + 1;
        string[] shown;
        do
        {
            parts++;
            shown = candidates.Select(path => LastParts(path, parts)).ToArray();
        }
        while (shown.Distinct(StringComparer.Ordinal).Count() < candidates.Count);

        return $"'{name}' fits {candidates.Count} BloomModel items: {string.Join(", ", shown.Select(path => $"'{path}'"))}. Write as much of the path as tells them apart.";
    }

    private static string[] Distinct(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).OrderBy(name => name, StringComparer.Ordinal).ToArray();

    private static string FileName(string path) => LastParts(path, 1);

    private static string LastParts(string path, int count)
    {
        string[] parts = path.Split('/');
        return string.Join("/", parts.Skip(Math.Max(0, parts.Length - count)));
    }

    // Levenshtein's distance, one row of the table at a time.
    private static int EditDistance(string left, string right)
    {
        int[] row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}

using System.Text;

namespace Bitloom.Benchmarks.Reports;

/// <summary>
/// Puts results between their markers, each alone on its line: <c>&lt;!-- results: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>. What
/// stood between them is replaced.
/// </summary>
internal static class ReadmeTables
{
    private const string Opening = "<!-- results: ";
    private const string Closing = " -->";
    private const string End = "<!-- end -->";

    /// <summary>The text with every marked part brought up to date.</summary>
    /// <param name="readme">Markdown.</param>
    /// <param name="results">Gives the text of a results file by name, or null where there is none.</param>
    /// <exception cref="FormatException">No marker, a marker without its end, or one that names no results file.</exception>
    internal static string Update(string readme, Func<string, string?> results)
    {
        string[] lines = readme.ReplaceLineEndings("\n").Split('\n');
        var text = new StringBuilder();
        int markers = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            text.Append(lines[i]).Append(i < lines.Length - 1 ? "\n" : "");
            if (!lines[i].StartsWith(Opening, StringComparison.Ordinal) || !lines[i].EndsWith(Closing, StringComparison.Ordinal)) continue;
            string name = lines[i][Opening.Length..^Closing.Length].Trim();
            int end = Array.IndexOf(lines, End, i + 1);
            if (end < 0) throw new FormatException($"Line {i + 1}: '{lines[i]}' has no '{End}' after it.");
            string body = results(name) ?? throw new FormatException($"Line {i + 1}: there are no results called '{name}': run that mode of the benchmarks first, or correct the name.");
            text.Append('\n').Append(ResultsFile.Body(body)).Append("\n\n");
            markers++;
            i = end - 1;
        }

        return markers > 0 ? text.ToString() : throw new FormatException($"There is no marker '{Opening}NAME{Closing}' to put results at.");
    }
}

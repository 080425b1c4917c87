using System.Text;

namespace Bitloom.Benchmarks.Reports;

/// <summary>A table in Markdown: the first columns are words, the rest numbers and aligned to the right.</summary>
/// <param name="words">How many columns are words.</param>
/// <param name="headings">One a column.</param>
internal sealed class MarkdownTable(int words, params string[] headings)
{
    private readonly List<string[]> _rows = [];

    internal int Rows => _rows.Count;

    /// <summary>Appends a row with one cell a column.</summary>
    /// <exception cref="ArgumentException">The number of cells differs.</exception>
    internal void Add(params string[] cells)
    {
        if (cells.Length != headings.Length) throw new ArgumentException($"{cells.Length} cells given, the table has {headings.Length} columns.", nameof(cells));
        _rows.Add(cells);
    }

    /// <summary>The table, each line ended by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string[] rules = [.. headings.Select((_, i) => i < words ? "---" : "---:")];
        foreach (string[] row in (string[][])[headings, rules, .. _rows])
            text.Append("| ").AppendJoin(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
        return text.ToString();
    }
}

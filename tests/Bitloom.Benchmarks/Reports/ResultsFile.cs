using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Bitloom.Benchmarks.Reports;

/// <summary>The layout that all results files share: heading, where and when, tables, notes. The README takes all after the heading.</summary>
internal static class ResultsFile
{
    /// <summary>The text of a results file.</summary>
    /// <param name="heading">Without <c>#</c>.</param>
    /// <param name="circumstances">Further facts about the run, e.g. versions of others.</param>
    /// <param name="sections">Tables and paragraphs, in order; empty ones are left out.</param>
    internal static string Compose(string heading, IEnumerable<string> circumstances, IEnumerable<string> sections)
    {
        string version = typeof(Compiler.BloomCompiler).Assembly.GetName().Version?.ToString(3) ?? "?";
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] facts = [MachineDescription.OfThisMachine(), $"Bitloom {version}", RuntimeInformation.FrameworkDescription, .. circumstances, date];
        var text = new StringBuilder($"# {heading}\n\n{string.Join("; ", facts)}.\n");
        foreach (string section in sections.Where(s => s.Length > 0)) text.Append('\n').Append(section.TrimEnd('\n')).Append('\n');
        return text.ToString();
    }

    /// <summary>Writes a results file, and its folder if that is missing.</summary>
    internal static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
        Console.Error.WriteLine($"Written to {path}");
    }

    /// <summary>Everything after the heading.</summary>
    internal static string Body(string text)
    {
        string normal = text.ReplaceLineEndings("\n");
        return normal[(normal.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim('\n');
    }
}

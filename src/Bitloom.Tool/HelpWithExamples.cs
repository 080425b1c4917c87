using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bitloom.Tool;

/// <summary>Help as the parser writes it, followed by the verb's examples and notes.</summary>
/// <param name="standard">Writes purpose, usage, arguments and options.</param>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = standard.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is VerbCommand verb)
        {
            WriteSection(output, verb.Examples.Count == 1 ? "Example" : "Examples", verb.Examples);
            WriteSection(output, "Notes", verb.Notes);
        }

        return exitCode;
    }

    private static void WriteSection(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        output.WriteLine($"{title}:");
        foreach (string line in lines) output.WriteLine($"  {line}");
        output.WriteLine();
    }
}

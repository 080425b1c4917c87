using System.CommandLine;

namespace Bitloom.Tool;

/// <summary>One verb of <c>bitloom</c>: its options, its example and what it does.</summary>
/// <param name="name">The verb.</param>
/// <param name="purpose">One line for the list of verbs and the top of its help.</param>
internal abstract class VerbCommand(string name, string purpose) : Command(name, purpose)
{
    /// <summary>Command lines that work as they stand, for the help.</summary>
    internal abstract IReadOnlyList<string> Examples { get; }

    /// <summary>What else a user must know: formats printed, exit codes. One line each; may be empty.</summary>
    internal virtual IReadOnlyList<string> Notes => [];

    /// <summary>Does the work and returns an <see cref="ExitCode"/>.</summary>
    /// <exception cref="BadInputException">An input cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The user has pressed Ctrl-C.</exception>
    internal abstract int Execute(ParseResult arguments, ToolContext context);
}

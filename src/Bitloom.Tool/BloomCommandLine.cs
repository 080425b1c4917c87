using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Training;

namespace Bitloom.Tool;

/// <summary>The <c>bitloom</c> command: parses arguments, runs a verb, and turns every failure into one line and an exit code.</summary>
internal static class BloomCommandLine
{
    internal const string InterruptedLine = "bitloom: interrupted";

    /// <summary>Runs one command line; this is all that the process does.</summary>
    internal static int Run(IReadOnlyList<string> arguments, ToolContext context)
    {
        TextWriter error = context.Error;
        try
        {
            return Dispatch(CreateRoot(), arguments, context);
        }
        catch (BadInputException failure)
        {
            error.WriteLine($"bitloom: {failure.Message}");
            return ExitCode.BadInput;
        }
        catch (TrainingException failure)
        {
            error.WriteLine($"bitloom: {new BadInputException(failure.Message).Message}");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine(InterruptedLine);
            return ExitCode.Interrupted;
        }
        catch (OutOfMemoryException)
        {
            error.WriteLine("bitloom: memory: there is not enough for this size: choose a smaller one");
            return ExitCode.BadInput;
        }
        catch (Exception defect)
        {
            // A user can do nothing with a stack trace; the type and the message are what a report needs.
            error.WriteLine($"bitloom: {new BadInputException(defect.GetType().Name, defect.Message, "this is a defect, please report the command line").Message}");
            return ExitCode.BadInput;
        }
    }

    /// <summary>The root command with every verb.</summary>
    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Compiles binarized neural networks to plain C#.")
        {
            new CompileCommand(),
            new ExplainCommand(),
            new VerifyCommand(),
            new RunCommand(),
            new BenchCommand(),
            new EvaluateCommand(),
            new TrainCommand(),
            new PackCommand(),
            new ImportCommand(),
            new ExportCommand(),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static int Dispatch(RootCommand root, IReadOnlyList<string> arguments, ToolContext context)
    {
        ParseResult result = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        Command command = result.CommandResult.Command;
        if (result.Action is HelpWithExamples || result.Action?.GetType().DeclaringType == typeof(VersionOption))
            return result.Invoke(new InvocationConfiguration { Output = context.Output, Error = context.Error });
        if (result.Errors.Count > 0) throw Explain(result, command);
        return ((VerbCommand)command).Execute(result, context);
    }

    // The parser reports an unknown word once as unmatched and again as the missing thing behind it; the first is the cause.
    private static BadInputException Explain(ParseResult result, Command command)
    {
        string place = command is RootCommand ? "command line" : command.Name;
        string help = command is RootCommand ? "see bitloom --help" : $"see bitloom {command.Name} --help";
        if (result.UnmatchedTokens.FirstOrDefault() is { } unknown)
        {
            bool isOption = unknown.StartsWith('-');
            IEnumerable<string> candidates = isOption
                ? command.Options.SelectMany(o => o.Aliases.Append(o.Name))
                : command.Subcommands.Select(c => c.Name);
            string kind = isOption ? "option" : command is RootCommand ? "verb" : "argument";
            string what = $"unknown {kind} '{unknown}'";
            return new BadInputException(place, what, NearestName.Find(unknown, candidates) is { } near ? $"did you mean '{near}'?" : help);
        }

        if (command is RootCommand)
            return new BadInputException(place, "no verb given", $"choose one of {string.Join(", ", command.Subcommands.Select(c => c.Name))} ({help})");
        return new BadInputException(place, Sentence(result.Errors[0]), help);
    }

    private static string Sentence(ParseError error) => error.Message.TrimEnd('.', ' ');
}

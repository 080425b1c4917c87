using System.CommandLine;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The <c>readme</c> mode: tables of README.md from the results files, so that they are never typed.</summary>
internal static class ReadmeCommand
{
    private static readonly Option<bool> Check = new("--check") { Description = "change nothing; exit code 1 where README.md differs from the results" };
    private static readonly Option<string> Readme = new("--readme") { Description = "the file (default: README.md of the repository)", DefaultValueFactory = _ => Path.Combine(RepositoryFolder.Root, "README.md") };

    internal static Command Create()
    {
        var command = new Command("readme", "Rewrite the tables of README.md from the results files.") { Check, Readme };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult options)
    {
        string file = options.GetValue(Readme)!;
        try
        {
            string old = File.ReadAllText(file).ReplaceLineEndings("\n");
            string updated = ReadmeTables.Update(old, name => RepositoryFolder.Results(name) is var path && File.Exists(path) ? File.ReadAllText(path) : null);
            bool isCurrent = updated == old;
            if (options.GetValue(Check))
            {
                Console.WriteLine(isCurrent ? "The tables are those of the results files." : "The tables differ from the results files: run the readme mode of tests/Bitloom.Benchmarks.");
                return isCurrent ? 0 : 1;
            }

            if (!isCurrent) File.WriteAllText(file, updated);
            Console.WriteLine(isCurrent ? "The tables were up to date." : "The tables were rewritten.");
            return 0;
        }
        catch (Exception failure) when (failure is FormatException or IOException)
        {
            Console.Error.WriteLine($"readme: {failure.Message}");
            return 2;
        }
    }
}

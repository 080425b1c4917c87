using System.CommandLine;
using Bitloom.Benchmarks.Reports;
using Bitloom.Benchmarks.Zoo;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The <c>zoo</c> mode: measures the trained models, and rewrites the table of <c>models/README.md</c> from their figures.</summary>
internal static class ZooCommand
{
    private const string Marker = "zoo";

    private static readonly Option<bool> Measure = new("--measure") { Description = "measure each model whose figures are missing or of other weights, and keep them in quality.json beside it" };
    private static readonly Option<string?> Data = new("--data") { Description = "folder of the test sets (default: shared/data beside the repository, or data in BITLOOM_SHARED)" };
    private static readonly Option<int> Threads = new("--threads") { Description = "threads of a run, 1 to 256", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Check = new("--check") { Description = "change nothing; exit code 1 where the table differs from the figures" };

    internal static Command Create()
    {
        Threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256) result.AddError("--threads takes a number from 1 to 256.");
        });
        var command = new Command("zoo", "Measure the models of models/ and rewrite the table of models/README.md.") { Measure, Data, Threads, Check };
        command.SetAction((options, cancellation) => Task.Run(() => Run(options, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The text of <c>models/README.md</c> with the table that its models and their figures give.</summary>
    internal static string Update(string models) =>
        ReadmeTables.Update(File.ReadAllText(Path.Combine(models, "README.md")), name => name == Marker ? "# Zoo\n\n" + ZooTable.Compose(ZooModel.FindAll(models).Select(m => (m, Current(m)))) : null);

    // Figures of weights that are no longer there do not count.
    private static ModelQuality? Current(ZooModel model) => ModelQuality.Read(model.Folder) is { } quality && quality.Model == model.Hash ? quality : null;

    private static int Run(ParseResult options, CancellationToken cancellation)
    {
        string models = Path.Combine(RepositoryFolder.Root, "models"), readme = Path.Combine(models, "README.md");
        try
        {
            if (options.GetValue(Measure)) MeasureMissing(models, options.GetValue(Data) ?? RepositoryFolder.SharedData() ?? throw new FormatException("there is no folder of data: name it with --data"), options.GetValue(Threads), cancellation);
            string updated = Update(models);
            bool isCurrent = updated == File.ReadAllText(readme).ReplaceLineEndings("\n");
            if (options.GetValue(Check))
            {
                Console.WriteLine(isCurrent ? "The table is that of the figures." : "The table differs from the figures: run the zoo mode of tests/Bitloom.Benchmarks.");
                return isCurrent ? 0 : 1;
            }

            if (!isCurrent) File.WriteAllText(readme, updated);
            Console.WriteLine(isCurrent ? "The table was up to date." : "The table was rewritten.");
            return 0;
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"zoo: {failure.Message}");
            return 2;
        }
    }

    private static void MeasureMissing(string models, string data, int threads, CancellationToken cancellation)
    {
        foreach (ZooModel model in ZooModel.FindAll(models).Where(m => Current(m) is null))
        {
            Console.Error.WriteLine($"measuring {model.Name}");
            model.Measure(data, threads, cancellation).Write(model.Folder);
        }
    }
}

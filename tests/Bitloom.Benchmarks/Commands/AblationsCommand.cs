using System.CommandLine;
using Bitloom.Benchmarks.Ablations;
using Bitloom.Benchmarks.Reports;
using Bitloom.Benchmarks.Zoo;
using Bitloom.Training;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The <c>ablations</c> mode: trains every recipe of <c>models/ablations</c> that is not finished, and sums them up in one file.</summary>
internal static class AblationsCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "folder that the recipes' data are relative to (default: shared/data beside the repository, or data in BITLOOM_SHARED)" };
    private static readonly Option<string?> Runs = new("--runs") { Description = "folder for the runs; what is finished there is not run again (default: artifacts/ablations of the repository)" };
    private static readonly Option<int> Threads = new("--threads") { Description = "threads of a step, 1 to 256", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Filter = new("--filter") { Description = "only recipes whose names contain this" };
    private static readonly Option<string?> Output = new("--output") { Description = "results file (default: results/ablations.md, once all are finished)" };

    internal static Command Create()
    {
        Threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256) result.AddError("--threads takes a number from 1 to 256.");
        });
        var command = new Command("ablations", "Train the recipes of models/ablations in turn and write results/ablations.md; goes on where it was stopped.") { Data, Runs, Threads, Filter, Output };
        command.SetAction((options, cancellation) => Task.Run(() => Run(options, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult options, CancellationToken cancellation)
    {
        if ((options.GetValue(Data) ?? RepositoryFolder.SharedData()) is not { } data) return Fail("there is no folder of data: name it with --data");
        string output = options.GetValue(Runs) ?? Path.Combine(RepositoryFolder.Root, "artifacts", "ablations");
        var runs = new AblationRuns(Path.Combine(RepositoryFolder.Root, "models", "ablations"), data, output, options.GetValue(Threads));
        string[] chosen = [.. AblationGroup.Recipes.Where(name => name.Contains(options.GetValue(Filter) ?? "", StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0) return Fail($"no recipe contains '{options.GetValue(Filter)}'; there are: {string.Join(", ", AblationGroup.Recipes)}");
        try
        {
            foreach (string name in chosen)
                if (!runs.Run(name, Console.Error.WriteLine, cancellation)) return Fail($"{name} was interrupted; the same command goes on from there");
        }
        catch (Exception failure) when (failure is TrainingException or IOException or UnauthorizedAccessException)
        {
            return Fail(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped before a run began");
        }

        string text = AblationReport.Compose(runs.CurveOf, model => ModelQuality.Read(Path.Combine(RepositoryFolder.Root, "models", model)));
        Console.Write(text);
        bool isComplete = AblationGroup.Recipes.All(name => runs.CurveOf(name) is not null);
        if ((options.GetValue(Output) ?? (isComplete ? RepositoryFolder.Results("ablations") : null)) is { } file) ResultsFile.Write(file, text);
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"ablations: {message}");
        return 2;
    }
}

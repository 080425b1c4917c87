using System.CommandLine;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;

namespace Bitloom.Tool;

/// <summary><c>bitloom train</c>: a recipe and data to a trained network.</summary>
internal sealed class TrainCommand : VerbCommand
{
    private readonly Argument<string> _recipe = new("RECIPE.json") { Description = "What to train, on what, and how." };
    private readonly Option<string?> _data = new("--data") { Description = "Folder that the recipe's data are relative to. [default: the recipe's folder]", HelpName = "DIR" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Folder for the network, its states and curves; made if missing. [default: the recipe's name]", HelpName = "DIR" };
    private readonly Option<string> _threads = new("--threads") { Description = "Threads of a step, 1 to 256. Each number has results of its own, to the bit.", HelpName = "N", DefaultValueFactory = _ => "1" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the state in the output folder." };
    private readonly Option<string?> _until = new("--until") { Description = "Stop after this step, with a state to go on from. [default: the recipe's steps]", HelpName = "STEP" };

    internal TrainCommand()
        : base("train", "Train a network from a recipe.")
    {
        Add(_recipe);
        foreach (Option option in new Option[] { _data, _output, _threads, _resume, _until }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples =>
    [
        "bitloom train models/bbcu-s-x2/recipe.json --data pictures --threads 2",
        "bitloom train models/bbcu-s-x2/recipe.json --data pictures --threads 2 --resume",
    ];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "Writes NAME.bloom, NAME.state.safetensors (also a checkpoint), curve.csv, curve.svg, CARD.md; for classes labels.txt.",
        "Ctrl-C saves a state after the present step. A run that is resumed gives the bits of one that was not interrupted.",
        "Ends with an error that names the layer when a value is not finite any more; the last state is kept.",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string path = arguments.GetRequiredValue(_recipe), folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        Recipe recipe = new ModelFile(path, "").Unwrap(RecipeReader.Read(InputFiles.ReadText(path)));
        string data = arguments.GetValue(_data) ?? folder, output = MakeFolder(arguments.GetValue(_output) ?? recipe.Name);
        long? until = arguments.GetValue(_until) is { } text ? SharedOptions.ParseNumber("--until", text, 1, recipe.Training.Steps) : null;

        // A step of a large network takes longer than the grace that other verbs have.
        context.WaitsForVerb(true);
        try
        {
            using var run = new TrainingRun(recipe, new RunOptions(folder, data, output, threads, arguments.GetValue(_resume), until), context.Cancellation);
            RunResult result = run.Run(Observe(context, recipe), context.Cancellation);
            context.WaitsForVerb(false);
            if (!result.IsComplete) return Stop(context, run.Folder, result);
            Finish(context, recipe, data, run.Folder, result, threads);
            return ExitCode.Success;
        }
        finally
        {
            context.WaitsForVerb(false);
        }
    }

    private static RunObserver Observe(ToolContext context, Recipe recipe)
    {
        string metric = recipe.Task.Kind == TaskKind.Classification ? "top-1" : "PSNR", unit = recipe.Task.Kind == TaskKind.Classification ? "%" : "dB";
        void Write(FormattableString line) => context.Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        return new RunObserver(
            line => context.Output.WriteLine(line),
            p => Write($"step {p.Step}/{p.Steps}: loss {p.Loss:0.000000}, rate {p.Rate:0.00e0}, {p.ImagesPerSecond:0.0} images/s, {TimeSpan.FromSeconds(Math.Round(p.Left.TotalSeconds)):c} left"),
            p => Write($"step {p.Step}: validation {metric} {p.Quality:0.00} {unit} | baseline {p.Baseline:0.00} {unit}, mean loss {p.Loss:0.000000}{(p.Remark.Length > 0 ? "; " : "")}{p.Remark}"));
    }

    private static int Stop(ToolContext context, RunFolder folder, RunResult result)
    {
        context.Output.WriteLine(FormattableString.Invariant($"stopped after step {result.Steps}, state in {folder.State}: go on with --resume"));
        context.Cancellation.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    // Quality is that of the emitted code on whole pictures.
    private static void Finish(ToolContext context, Recipe recipe, string data, RunFolder folder, RunResult result, int threads)
    {
        var model = ModelFile.Open(folder.Model);
        NetworkGraph graph = model.ReadGraph();
        using INetworkHost host = context.Load(model, graph, Runtime.VectorWidth.Best);
        string[] validation = [.. recipe.Data.Validation.Select(p => Path.Combine(data, p))];
        string? mask = recipe.Data.Mask is { } file ? Path.Combine(data, file) : null;
        IReadOnlyList<string> lines = NetworkEvaluation.Create(recipe.Task, new EvaluatedNetwork(model, graph, host, White: 1, threads), validation, mask).Run(context);
        ModelCard.Write(folder, recipe, result, threads, lines);
        context.Output.WriteLine(FormattableString.Invariant($"wrote {folder.Model} after {result.Steps} steps in {result.Time.TotalMinutes:0.0} minutes"));
        foreach (string line in lines) context.Output.WriteLine(line);
    }

    private static string MakeFolder(string path)
    {
        if (File.Exists(path)) throw new BadInputException(path, "is a file", "name a folder with --output");
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, $"cannot be made ({failure.Message.TrimEnd('.')})", "choose another folder with --output");
        }
    }
}

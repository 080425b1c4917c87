using Bitloom.Compiler;
using Bitloom.Training;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;

namespace Bitloom.Benchmarks.Ablations;

/// <summary>
/// Runs recipes, each in a folder of its own beside the others, so that a parent is found where its recipe says. What is finished
/// is left alone; what was interrupted goes on from its state.
/// </summary>
/// <param name="recipes">Folder with a folder for each recipe.</param>
/// <param name="data">Folder of the data.</param>
/// <param name="output">Folder for the runs' folders.</param>
/// <param name="threads">Threads of a step.</param>
internal sealed class AblationRuns(string recipes, string data, string output, int threads)
{
    /// <summary>Validations of a finished recipe; null where it is not finished.</summary>
    internal IReadOnlyList<CurvePoint>? CurveOf(string name)
    {
        RunFolder folder = FolderOf(name);
        return !File.Exists(folder.Model) || !File.Exists(folder.Curve) ? null : [.. File.ReadLines(folder.Curve).Select(CurvePoint.Parse).OfType<CurvePoint>()];
    }

    /// <summary>Runs a recipe to its end.</summary>
    /// <returns>False where it was interrupted.</returns>
    /// <exception cref="TrainingException">The recipe, the data or a saved state do not fit.</exception>
    internal bool Run(string name, Action<string> tell, CancellationToken cancellation)
    {
        if (CurveOf(name) is not null)
        {
            tell($"{name}: finished before");
            return true;
        }

        RunFolder folder = FolderOf(name);
        Directory.CreateDirectory(folder.Path);
        using var run = new TrainingRun(Read(name), new RunOptions(folder.Path, data, folder.Path, threads, Resumes: File.Exists(folder.State)), cancellation);
        var observer = new RunObserver(
            line => tell($"{name}: {line}"), _ => { },
            point => tell(FormattableString.Invariant($"{name}: step {point.Step}, {point.Quality:0.00} dB, loss {point.Loss:0.00000}")));
        return run.Run(observer, cancellation).IsComplete;
    }

    private Recipe Read(string name)
    {
        string path = Path.Combine(recipes, name, "recipe.json");
        Outcome<Recipe> read = RecipeReader.Read(File.ReadAllText(path));
        return read.Value ?? throw new TrainingException($"{path}{read.Diagnostics[0].Location}: {read.Diagnostics[0].Message}");
    }

    private RunFolder FolderOf(string name) => new(Path.Combine(output, name), name);
}

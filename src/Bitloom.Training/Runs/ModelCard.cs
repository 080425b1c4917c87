using System.Text;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Runtime.Images;
using Bitloom.Training.Recipes;

namespace Bitloom.Training.Runs;

/// <summary>Writes the facts of a finished run as the beginning of a model card; what the network is for and its limits are for its author to add.</summary>
public static class ModelCard
{
    /// <summary>Writes the card.</summary>
    /// <param name="folder">The run's files.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="result">A finished run.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="quality">Lines about the quality on whole pictures; may be empty.</param>
    public static void Write(RunFolder folder, Recipe recipe, RunResult result, int threads, IReadOnlyList<string> quality)
    {
        NetworkGraph graph = result.Graph ?? throw new ArgumentException("The run is not finished.", nameof(result));
        var parameters = ParameterCount.Of(graph);
        var text = new StringBuilder();
        text.Append($"# {recipe.Name}\n\n{recipe.Description}\n\n| | |\n|---|---|\n");
        text.Append($"| task | `{recipe.Task}` |\n| architecture | `{recipe.Network.Architecture}` |\n");
        text.Append(Invariant($"| parameters | {parameters.All}, of which {parameters.Binary} are 1-bit |\n"));
        text.Append($"| content hash | `{DescriptorHash.Compute(graph)}` |\n| recipe hash | `sha256:{recipe.Hash}` |\n\n## Training\n\n");
        text.Append(Invariant($"{result.Steps} steps of {recipe.Training.Batch} in {result.Time.TotalMinutes:0.0} minutes on {threads} {(threads == 1 ? "thread" : "threads")}: {recipe.Training.Loss} loss, {recipe.Optimiser.Kind} {recipe.Optimiser.Course}, patches of {recipe.Data.Patch}{(recipe.Training.Average > 0 ? Invariant($", weights averaged with decay {recipe.Training.Average}") : "")}.\n"));
        text.Append($"Data: {result.Data} ({string.Join(", ", recipe.Data.Train)}). The validations are in `curve.csv` and `curve.svg`.\n");
        if (quality.Count > 0) text.Append($"\n## Quality\n\nWhole pictures of {string.Join(", ", recipe.Data.Validation)}:\n\n{string.Join("\n", quality.Select(q => $"    {q}"))}\n");
        WholeFile.Write(folder.Card, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

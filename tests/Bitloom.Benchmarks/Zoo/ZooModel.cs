using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Tool;
using Bitloom.Training.Recipes;

namespace Bitloom.Benchmarks.Zoo;

/// <summary>A trained network in a folder of <c>models</c>.</summary>
/// <param name="Folder">The folder, whose name is the model's.</param>
/// <param name="Graph">The network.</param>
/// <param name="Task">What it is for.</param>
internal sealed record ZooModel(string Folder, NetworkGraph Graph, ImageTask Task)
{
    /// <summary>Name of folder and descriptor.</summary>
    internal string Name => Path.GetFileName(Folder);

    /// <summary>Its weights.</summary>
    internal ParameterCount Parameters => ParameterCount.Of(Graph);

    /// <summary>Content hash of the descriptor.</summary>
    internal string Hash => DescriptorHash.Compute(Graph);

    private string Descriptor => Path.Combine(Folder, Name + ".bloom");

    /// <summary>All models, in the order of their names. The task is that of the recipe; a folder without one is spectral.</summary>
    /// <exception cref="FormatException">A descriptor or recipe is damaged.</exception>
    internal static IReadOnlyList<ZooModel> FindAll(string models) =>
        [.. Directory.GetDirectories(models).Order(StringComparer.Ordinal).Where(f => File.Exists(Path.Combine(f, Path.GetFileName(f) + ".bloom"))).Select(Open)];

    /// <summary>Measures the model on its test sets.</summary>
    /// <param name="data">Folder of the data.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <param name="cancellation">Looked at between pictures.</param>
    /// <exception cref="FormatException">The model cannot be measured; the message says why.</exception>
    internal ModelQuality Measure(string data, int threads, CancellationToken cancellation)
    {
        var sets = new List<SetQuality>();
        foreach (TestSet set in TestSet.Of(Task.Kind))
        {
            string[] options = [.. (set.Options ?? new Dictionary<string, string>()).SelectMany(o => new[] { o.Key, Path.Combine(data, o.Value) })];
            string[] filters = Task.Kind is TaskKind.Denoising or TaskKind.Deblocking ? ["--filters"] : [];
            using var output = new StringWriter();
            using var error = new StringWriter();
            string[] command = ["evaluate", Descriptor, "--data", Path.Combine(data, set.Folder), "--task", Task.ToString(), "--threads", FormattableString.Invariant($"{threads}"), .. options, .. filters, "--json"];
            if (BloomCommandLine.Run(command, new ToolContext(output, error, ShowsProgress: false, cancellation)) != 0) throw new FormatException(error.ToString().Trim());
            sets.Add(new SetQuality(set.Name, Task.ToString(), System.Text.Json.JsonSerializer.Deserialize<Figures>(output.ToString())!));
        }

        return new ModelQuality(Hash, sets);
    }

    private static ZooModel Open(string folder)
    {
        string name = Path.GetFileName(folder), recipe = Path.Combine(folder, "recipe.json");
        Outcome<NetworkGraph> graph = DescriptorReader.Read(File.ReadAllText(Path.Combine(folder, name + ".bloom")));
        if (!graph.Succeeded) throw new FormatException($"{name}.bloom{graph.Diagnostics[0].Location}: {graph.Diagnostics[0].Message}");
        if (!File.Exists(recipe)) return new ZooModel(folder, graph.Value!, new ImageTask(TaskKind.Spectral, 0));
        Outcome<Recipe> read = RecipeReader.Read(File.ReadAllText(recipe));
        return read.Succeeded ? new ZooModel(folder, graph.Value!, read.Value!.Task) : throw new FormatException($"{recipe}{read.Diagnostics[0].Location}: {read.Diagnostics[0].Message}");
    }
}

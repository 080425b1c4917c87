using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Runtime.Images;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.Tests.Data;

namespace Bitloom.Training.Tests.Runs;

/// <summary>Runs of recipes for classes.</summary>
public sealed class GatedRunTests : IDisposable
{
    internal const string Gated = """
        {
          "name": "gated",
          "task": "classify",
          "network": { "architecture": "drnet", "channels": 4, "stem": 3, "blocks": [1, 1], "classes": 2, "resolutions": [20, 12], "predictor": { "size": 12, "channels": 2, "stem": 3 } },
          "gating": { "eta": 0.2, "target": 0.6, "everyResolution": 0.5 },
          "data": { "train": ["classes"], "validation": ["classes"], "patch": 20, "leastArea": 0.5, "colour": 0.2 },
          "training": { "steps": 5, "batch": 4, "smoothing": 0.1 },
          "optimiser": { "kind": "sgd", "rate": 0.05 },
          "validation": { "every": 2, "report": 2 }
        }
        """;

    private const string Fixed = """
        {
          "name": "fixed",
          "task": "classify",
          "network": { "architecture": "resnet", "channels": 4, "stem": 3, "blocks": [1, 1], "classes": 2, "resolution": 12 },
          "data": { "train": ["classes"], "validation": ["classes"], "patch": 20 },
          "training": { "steps": 2, "batch": 4 }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bitloom-tests-");
    private readonly List<CurvePoint> _points = [];

    public GatedRunTests()
    {
        foreach (string name in new[] { "coat", "shoe" })
        {
            Directory.CreateDirectory(PathOf("classes", name));
            for (int i = 0; i < 4; i++) ImageFile.Save(PathOf("classes", name, FormattableString.Invariant($"{i}.png")), TestPictures.Make(24 + i, 24, 3, (i * 2) + name.Length));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_gated_run_that_was_stopped_gives_the_bits_of_one_that_was_not(int stop)
    {
        Assert.True(Run(Gated, "whole").IsComplete);
        Assert.False(Run(Gated, "parts", until: stop).IsComplete);
        Assert.True(Run(Gated, "parts", resumes: true).IsComplete);
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "gated.bloom")), File.ReadAllBytes(PathOf("parts", "gated.bloom")));
        Assert.Equal(File.ReadAllText(PathOf("whole", "curve.csv")), File.ReadAllText(PathOf("parts", "curve.csv")));
    }

    [Fact]
    public void A_gated_run_writes_one_network_with_predictor_and_branches_that_compiles()
    {
        Run(Gated, "out");
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(PathOf("out", "gated.bloom"))).Value!;
        Assert.Equal(["output", "choice"], graph.Outputs.Select(o => o.Name));
        Assert.Equal(["20", "12"], Assert.IsType<Gate>(graph.Nodes.Single(n => n.Name == "gate").Operator).Branches);
        BatchNorm[] stems = [.. graph.Nodes.Where(n => n.Name.EndsWith("0.bn1", StringComparison.Ordinal) || n.Name.EndsWith("2.bn1", StringComparison.Ordinal)).Select(n => n.Operator).OfType<BatchNorm>()];
        Assert.NotEqual(stems[0].Mean.Values, stems[^1].Mean.Values);
        Assert.True(BloomCompiler.Compile(graph, new EmissionOptions("Test", "Network")).Succeeded);
        Assert.All(_points, p => Assert.Matches(@"^20 [0-9.]+%, 12 [0-9.]+%; 0\.\d+ M MACs a picture$", p.Remark));
    }

    [Fact]
    public void A_classifier_of_one_resolution_resizes_its_picture()
    {
        Assert.True(Run(Fixed, "out").IsComplete);
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(PathOf("out", "fixed.bloom"))).Value!;
        Assert.Equal(["coat", "shoe"], File.ReadAllLines(PathOf("out", "labels.txt")));
        Assert.Equal("20", graph.Inputs[0].Shape.Height.ToString());
        Assert.Equal(12, Assert.IsType<Resize>(graph.Nodes[0].Operator).Height);
        Assert.All(_points, p => Assert.Equal("", p.Remark));
    }

    /// <summary>No step changes the weights: what is written is what the run began with.</summary>
    [Fact]
    public void A_gated_run_may_start_from_a_classifier_of_one_resolution()
    {
        Run(Fixed, "parent");
        string still = Gated.Replace("\"drnet\",", "\"drnet\", \"parent\": \"parent/fixed.bloom\",", StringComparison.Ordinal).Replace("\"rate\": 0.05", "\"rate\": 1e-30", StringComparison.Ordinal);
        Run(still, "out");
        Dictionary<string, FloatTensor> parent = Constants("parent", "fixed.bloom"), gated = Constants("out", "gated.bloom");
        foreach ((string name, FloatTensor weight) in parent.Where(p => !p.Key.Contains("running", StringComparison.Ordinal)))
            foreach (string own in name.Contains("bn", StringComparison.Ordinal) || name.Contains("downsample.1", StringComparison.Ordinal) ? [OfResolution(name, 0), OfResolution(name, 1)] : new[] { name })
                Assert.Equal(weight.Values, gated["classifier." + own].Values);

        static string OfResolution(string name, int resolution) => FormattableString.Invariant($"{name[..name.LastIndexOf('.')]}.bns.{resolution}{name[name.LastIndexOf('.')..]}");
    }

    [Fact]
    public void A_parent_of_other_sizes_is_refused()
    {
        Run(Fixed.Replace("\"channels\": 4", "\"channels\": 6", StringComparison.Ordinal), "parent");
        string wrong = Gated.Replace("\"drnet\",", "\"drnet\", \"parent\": \"parent/fixed.bloom\",", StringComparison.Ordinal);
        string message = Assert.Throws<TrainingException>(() => Run(wrong, "out")).Message;
        Assert.Contains("fixed.bloom: it is no classifier of these sizes: 'conv1.weight' has shape 6 x 3 x 3 x 3", message, StringComparison.Ordinal);
    }

    private Dictionary<string, FloatTensor> Constants(params string[] parts) => DescriptorReader.Read(File.ReadAllText(PathOf(parts))).Value!.Nodes
        .SelectMany(n => n.Operator.FloatWeights).DistinctBy(w => w.Name).ToDictionary(w => w.Name, StringComparer.Ordinal);

    private RunResult Run(string recipe, string output, bool resumes = false, long? until = null)
    {
        Directory.CreateDirectory(PathOf(output));
        Outcome<Recipe> read = RecipeReader.Read(recipe);
        Assert.Empty(read.Diagnostics);
        using var run = new TrainingRun(read.Value!, new RunOptions(_folder.FullName, _folder.FullName, PathOf(output), Threads: 2, resumes, until));
        return run.Run(new RunObserver(_ => { }, _ => { }, _points.Add));
    }

    private string PathOf(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
}

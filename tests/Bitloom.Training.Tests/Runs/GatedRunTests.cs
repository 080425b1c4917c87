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

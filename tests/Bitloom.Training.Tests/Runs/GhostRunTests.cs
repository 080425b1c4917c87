using Bitloom.Compiler.Operators;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.Tests.Data;

namespace Bitloom.Training.Tests.Runs;

/// <summary>A dense parent and the network with ghosts that is fine-tuned from it.</summary>
public sealed class GhostRunTests : IDisposable
{
    private const string Dense = """
        {
          "name": "dense",
          "task": "x2",
          "network": { "architecture": "edsr", "channels": 8, "units": 2 },
          "data": { "train": ["pictures"], "validation": ["pictures"], "patch": 8 },
          "training": { "steps": 6, "batch": 2 },
          "optimiser": { "rate": 0.01 },
          "validation": { "every": 4, "patches": 4, "report": 3 }
        }
        """;

    private readonly DirectoryInfo _folder = TestPictures.MakeFolder("pictures");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_run_with_noise_that_was_stopped_gives_the_bits_of_one_that_was_not()
    {
        Run(Dense, "dense");
        string ghost = Ghost("\"offsets\": \"channel\"");
        Run(ghost, "whole");
        Assert.False(Run(ghost, "parts", until: 5).IsComplete);
        Run(ghost, "parts", resumes: true);
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "ghost.bloom")), File.ReadAllBytes(PathOf("parts", "ghost.bloom")));
        Assert.Equal(File.ReadAllText(PathOf("whole", "curve.csv")), File.ReadAllText(PathOf("parts", "curve.csv")));
    }

    [Fact]
    public void Learned_offsets_move_and_others_stay()
    {
        Run(Dense, "dense");
        (int, int)[] Learn(string rate) => Offsets(Run(Ghost("\"offsets\": \"channel\"").Replace("\"rate\": 0.01", $"\"rate\": {rate}", StringComparison.Ordinal), rate));
        Assert.NotEqual(Learn("0.000001"), Learn("0.1"));
        Assert.All(Offsets(Run(Ghost("\"shifts\": \"none\""), "none")), o => Assert.Equal((0, 0), o));
        Assert.Equal(
            Offsets(Run(Ghost("\"shifts\": \"fixed\""), "fixed")),
            Offsets(Run(Ghost("\"shifts\": \"fixed\"").Replace("\"steps\": 6", "\"steps\": 1", StringComparison.Ordinal), "start")));
    }

    [Fact]
    public void A_parent_that_is_missing_is_told_with_its_path() =>
        Assert.Contains(Path.Combine("dense", "dense.bloom") + ": it cannot be read", Assert.Throws<TrainingException>(() => Run(Ghost("\"shifts\": \"none\""), "none")).Message, StringComparison.Ordinal);

    private static string Ghost(string properties) => Dense.Replace("\"dense\"", "\"ghost\"", StringComparison.Ordinal)
        .Replace("\"edsr\"", $"\"edsr\", \"ghosts\": 0.5, \"parent\": \"dense/dense.bloom\", {properties}", StringComparison.Ordinal);

    private static (int, int)[] Offsets(RunResult result) => [.. result.Graph!.Nodes.Select(n => n.Operator).OfType<Shift>().SelectMany(s => s.Rows.Zip(s.Columns))];

    private RunResult Run(string text, string output, bool resumes = false, long? until = null)
    {
        Directory.CreateDirectory(PathOf(output));
        using var run = new TrainingRun(RecipeReader.Read(text).Value!, new RunOptions(_folder.FullName, _folder.FullName, PathOf(output), Threads: 1, resumes, until));
        return run.Run(new RunObserver(_ => { }, _ => { }, _ => { }));
    }

    private string PathOf(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
}

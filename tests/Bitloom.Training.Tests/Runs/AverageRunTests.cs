using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Safetensors;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.Tests.Data;
using Bitloom.Training.Tests.Recipes;

namespace Bitloom.Training.Tests.Runs;

/// <summary>Runs that keep a moving average of weights; form V1 has batch norms.</summary>
public sealed class AverageRunTests : IDisposable
{
    private static readonly string Averaged = RecipeReaderTests.Tiny.Replace("\"units\": 1", "\"units\": 1, \"form\": \"v1\"", StringComparison.Ordinal).Replace("\"batch\": 2", "\"batch\": 2, \"average\": 0.9", StringComparison.Ordinal);

    private readonly DirectoryInfo _folder = TestPictures.MakeFolder("pictures");
    private readonly List<CurvePoint> _points = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_run_that_was_stopped_gives_the_bits_of_one_that_was_not(int stop)
    {
        Run(Averaged, "whole");
        Run(Averaged, "parts", until: stop);
        Run(Averaged, "parts", resumes: true);
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "tiny.bloom")), File.ReadAllBytes(PathOf("parts", "tiny.bloom")));
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "curve.csv")), File.ReadAllBytes(PathOf("parts", "curve.csv")));
    }

    [Fact]
    public void The_network_has_the_averages_of_weights_and_statistics()
    {
        NetworkGraph graph = Run(Averaged, "out").Graph!;
        var state = SafetensorsReader.Read(PathOf("out", "tiny.state.safetensors")).ToDictionary(t => t.Name);
        Operator[] operators = [.. graph.Nodes.Select(n => n.Operator)];
        FloatTensor kernel = operators.OfType<Conv2d>().First().Weight;
        BatchNorm norm = operators.OfType<BatchNorm>().First();
        foreach (FloatTensor tensor in new[] { kernel, norm.Gamma, norm.Mean, norm.Variance })
        {
            Assert.Equal(state["training:average:" + tensor.Name].Values, tensor.Values);
            Assert.NotEqual(state[tensor.Name].Values, tensor.Values);
        }
    }

    [Fact]
    public void Averaging_changes_what_is_validated_and_not_what_is_learned()
    {
        Run(Averaged, "averaged");
        Run(Averaged.Replace(", \"average\": 0.9", "", StringComparison.Ordinal), "plain");
        Assert.Equal(_points[0].Loss, _points[2].Loss);
        Assert.Equal(_points[1].Loss, _points[3].Loss);
        Assert.NotEqual(_points[1].Quality, _points[3].Quality);
    }

    private RunResult Run(string text, string output, bool resumes = false, long? until = null)
    {
        Directory.CreateDirectory(PathOf(output));
        using var run = new TrainingRun(RecipeReader.Read(text).Value!, new RunOptions(_folder.FullName, _folder.FullName, PathOf(output), Threads: 1, resumes, until));
        return run.Run(new RunObserver(_ => { }, _ => { }, _points.Add));
    }

    private string PathOf(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
}

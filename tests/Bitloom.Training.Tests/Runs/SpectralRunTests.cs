using Bitloom.Arrays.Numpy;
using Bitloom.Import.Safetensors;
using Bitloom.Spectral;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Runs;

/// <summary>BiSRNet on a small cube.</summary>
public sealed class SpectralRunTests : IDisposable
{
    private const string Tiny = """
        {
          "name": "tiny",
          "task": "spectral",
          "network": { "architecture": "bisrnet" },
          "data": { "train": ["cube.npy"], "validation": ["cube.npy"], "mask": "mask.npy", "patch": 8 },
          "training": { "steps": 30, "batch": 2 },
          "optimiser": { "rate": 0.002 },
          "validation": { "every": 10, "patches": 2, "report": 10 }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bitloom-tests-");
    private readonly List<CurvePoint> _points = [];

    public SpectralRunTests()
    {
        // Smooth in space and over the bands, as scenes are.
        var random = new CounterRandom(1);
        var cube = new Cube(SpectralBands.Cassi.Count, 12, 12, SpectralBands.Cassi);
        for (int i = 0; i < cube.Values.Length; i++) cube.Values[i] = (float)(0.5 + (0.4 * Math.Sin((i / 144 * 0.2) + (i % 12 * 0.4) + (i % 144 / 12 * 0.3))));
        CubeWriter.Write(PathOf("cube.npy"), cube);
        float[] mask = [.. Enumerable.Range(0, 144).Select(_ => (float)random.NextIndex(2))];
        using FileStream stream = File.Create(PathOf("mask.npy"));
        NpyWriter.Write(stream, [12, 12], mask);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_validation_is_the_mean_over_the_bands_as_papers_state_it()
    {
        using var run = new TrainingRun(RecipeReader.Read(Tiny).Value!, new RunOptions(_folder.FullName, _folder.FullName, _folder.FullName, Until: 10));
        run.Run(new RunObserver(_ => { }, _ => { }, _points.Add));
        Cube cube = CubeReader.ReadCube(PathOf("cube.npy")).Cube.WithWavelengths(SpectralBands.Cassi);
        Cube estimate = SnapshotCamera.InitialEstimate(SnapshotCamera.Measure(cube, CubeReader.ReadPlane(PathOf("mask.npy")).Plane), SpectralBands.Cassi);
        Assert.Equal(CubeQuality.Of(estimate.Crop(0, 0, 8, 8), cube.Crop(0, 0, 8, 8)).MeanPsnr, _points[0].Baseline, 1e-4);
    }

    [Fact]
    public void The_recipes_defaults_are_the_papers()
    {
        Recipe recipe = RecipeReader.Read(Tiny).Value!;
        Assert.Equal(("rmse", Surrogate.ScalableTanh), (recipe.Training.Loss, recipe.Training.Surrogate));
        string wrong = Tiny.Replace("bisrnet", "edsr", StringComparison.Ordinal);
        Assert.Contains(RecipeReader.Read(wrong).Diagnostics, d => d.Message.Contains("'edsr' is not for the task 'spectral': use bisrnet", StringComparison.Ordinal));
    }

    [Fact]
    public void Training_lowers_the_loss_and_learns_the_surrogates_slopes()
    {
        using var run = new TrainingRun(RecipeReader.Read(Tiny).Value!, new RunOptions(_folder.FullName, _folder.FullName, _folder.FullName));
        Assert.True(run.Run(new RunObserver(_ => { }, _ => { }, _points.Add)).IsComplete);
        Assert.True(_points[^1].Loss < 0.8 * _points[0].Loss, $"{_points[0].Loss} then {_points[^1].Loss}");
        NamedTensor[] slopes = [.. SafetensorsReader.Read(run.Folder.State).Where(t => t.Name.EndsWith(".sign.beta", StringComparison.Ordinal) && !t.Name.Contains(':', StringComparison.Ordinal))];
        Assert.Equal(59, slopes.Length);
        Assert.All(slopes, s => Assert.NotEqual(1, s.Values[0]));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}

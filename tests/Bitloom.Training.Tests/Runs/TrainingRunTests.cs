using Bitloom.Compiler.Descriptors;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.Tests.Data;
using Bitloom.Training.Tests.Recipes;

namespace Bitloom.Training.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = TestPictures.MakeFolder("pictures");
    private readonly List<CurvePoint> _points = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_run_that_was_stopped_gives_the_bits_of_one_that_was_not(int stop)
    {
        Recipe recipe = RecipeReader.Read(RecipeReaderTests.Tiny).Value!;
        RunResult whole = Run(recipe, "whole");
        Assert.False(Run(recipe, "parts", until: stop).IsComplete);
        Assert.False(File.Exists(PathOf("parts", "tiny.bloom")));
        RunResult parts = Run(recipe, "parts", resumes: true);
        Assert.True(whole.IsComplete && parts.IsComplete);
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "tiny.bloom")), File.ReadAllBytes(PathOf("parts", "tiny.bloom")));
        Assert.Equal(File.ReadAllText(PathOf("whole", "curve.csv")), File.ReadAllText(PathOf("parts", "curve.csv")));
        Assert.Equal(3, File.ReadAllLines(PathOf("whole", "curve.csv")).Length);
        Assert.StartsWith("<svg", File.ReadAllText(PathOf("whole", "curve.svg")), StringComparison.Ordinal);
        Assert.True(DescriptorReader.Read(File.ReadAllText(PathOf("whole", "tiny.bloom"))).Succeeded);
    }

    [Fact]
    public void An_interrupted_run_saves_its_state_between_two_steps()
    {
        Recipe recipe = RecipeReader.Read(RecipeReaderTests.Tiny).Value!;
        using var interruption = new CancellationTokenSource();
        using var run = new TrainingRun(recipe, Options("cut", resumes: false, until: null));
        RunResult cut = run.Run(new RunObserver(_ => { }, _ => interruption.Cancel(), _ => { }), interruption.Token);
        Assert.Equal((false, 3L), (cut.IsComplete, cut.Steps));
        Run(recipe, "cut", resumes: true);
        Run(recipe, "whole");
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "tiny.bloom")), File.ReadAllBytes(PathOf("cut", "tiny.bloom")));
    }

    [Fact]
    public void The_state_of_another_recipe_is_refused()
    {
        Run(RecipeReader.Read(RecipeReaderTests.Tiny).Value!, "out", until: 1);
        Recipe other = RecipeReader.Read(RecipeReaderTests.Tiny.Replace("0.01", "0.02", StringComparison.Ordinal)).Value!;
        Assert.Contains("another recipe", Assert.Throws<TrainingException>(() => Run(other, "out", resumes: true)).Message, StringComparison.Ordinal);
        Assert.Contains("--resume", Assert.Throws<TrainingException>(() => Run(other, "out")).Message, StringComparison.Ordinal);
        Assert.Contains("without --resume", Assert.Throws<TrainingException>(() => Run(other, "new", resumes: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_stops_at_NaN_and_names_step_and_layer()
    {
        string text = RecipeReaderTests.Tiny.Replace("\"bbcu-sr\", \"channels\": 4, \"units\": 1", "\"edsr\", \"channels\": 8, \"units\": 4", StringComparison.Ordinal)
            .Replace("\"rate\": 0.01", "\"rate\": 1000", StringComparison.Ordinal).Replace("\"steps\": 6", "\"steps\": 60", StringComparison.Ordinal).Replace("\"every\": 4", "\"every\": 1", StringComparison.Ordinal);
        string message = Assert.Throws<TrainingException>(() => Run(RecipeReader.Read(text).Value!, "nan")).Message;
        Assert.Matches(@"^step \d+: .*(layer|gradient of|parameter) '.+' holds NaN or infinity", message);
        Assert.Contains("the last state is", message, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf("nan", "tiny.state.safetensors")));
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        string text = RecipeReaderTests.Tiny.Replace("\"steps\": 6", "\"steps\": 80", StringComparison.Ordinal).Replace("\"every\": 4", "\"every\": 40", StringComparison.Ordinal);
        Run(RecipeReader.Read(text).Value!, "out");
        Assert.Equal([40, 80], _points.Select(p => p.Step));
        Assert.True(_points[1].Loss < _points[0].Loss, $"{_points[0].Loss} then {_points[1].Loss}");
    }

    [Fact]
    public void Missing_data_are_told_with_their_folder()
    {
        string text = RecipeReaderTests.Tiny.Replace("[\"pictures\"], \"val", "[\"none\"], \"val", StringComparison.Ordinal);
        Assert.Contains("none: there is no such folder", Assert.Throws<TrainingException>(() => Run(RecipeReader.Read(text).Value!, "out")).Message, StringComparison.Ordinal);
        text = RecipeReaderTests.Tiny.Replace("\"patch\": 8", "\"patch\": 80", StringComparison.Ordinal);
        Assert.Contains("no picture has 160 pixels", Assert.Throws<TrainingException>(() => Run(RecipeReader.Read(text).Value!, "out")).Message, StringComparison.Ordinal);
    }

    private RunResult Run(Recipe recipe, string output, bool resumes = false, long? until = null)
    {
        using var run = new TrainingRun(recipe, Options(output, resumes, until));
        return run.Run(new RunObserver(_ => { }, _ => { }, _points.Add));
    }

    private RunOptions Options(string output, bool resumes, long? until)
    {
        Directory.CreateDirectory(PathOf(output));
        return new RunOptions(_folder.FullName, _folder.FullName, PathOf(output), Threads: 1, resumes, until);
    }

    private string PathOf(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
}

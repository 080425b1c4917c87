using Bitloom.Compiler;
using Bitloom.Tests;
using Bitloom.Training.Ghosts;
using Bitloom.Training.Recipes;

namespace Bitloom.Training.Tests.Recipes;

public class RecipeReaderTests
{
    internal const string Tiny = """
        {
          "name": "tiny",
          "task": "x2",
          "network": { "architecture": "bbcu-sr", "channels": 4, "units": 1 },
          "data": { "train": ["pictures"], "validation": ["pictures"], "patch": 8 },
          "training": { "steps": 6, "batch": 2 },
          "optimiser": { "rate": 0.01 },
          "validation": { "every": 4, "patches": 4, "report": 3 }
        }
        """;

    private static string Ghost(string ghosts) => Tiny.Replace("\"bbcu-sr\"", $"\"edsr\", {ghosts}", StringComparison.Ordinal).Replace("\"steps\": 6", "\"steps\": 600", StringComparison.Ordinal);

    [Fact]
    public void A_recipe_is_read_with_its_defaults()
    {
        Recipe recipe = RecipeReader.Read(Tiny).Value!;
        Assert.Equal(new ImageTask(TaskKind.SuperResolution, 2), recipe.Task);
        Assert.Equal(("l1", Surrogate.Quad, 1), (recipe.Training.Loss, recipe.Training.Surrogate, recipe.Training.Seed));
        Assert.Equal(("adam", 0.01f, 0f), (recipe.Optimiser.Kind, recipe.Optimiser.Rate, recipe.Optimiser.Least));
        Assert.True(recipe.Data.Turns);
    }

    [Theory]
    [InlineData("\"channels\"", "\"chanels\"", 4, 43, "unknown property 'chanels'; did you mean 'channels'?")]
    [InlineData("\"bbcu-sr\"", "\"bbcu-rs\"", 4, 32, "did you mean 'bbcu-sr'?")]
    [InlineData("\"x2\"", "\"x5\"", 3, 11, "'task' must be x2, x3 or x4")]
    [InlineData("\"x2\"", "\"sigma25\"", 4, 32, "'bbcu-sr' is not for the task 'sigma25'")]
    [InlineData("\"batch\": 2", "\"batch\": \"2\"", 6, 38, "'batch' must be a whole number from 1 to 4096, not '2'")]
    [InlineData("\"steps\": 6, ", "", 6, 15, "the property 'steps' is missing")]
    [InlineData("[\"pictures\"], \"val", "[], \"val", 5, 22, "'train' must be an array of one or more strings")]
    [InlineData("\"rate\": 0.01", "\"rate\": -1", 7, 26, "'rate' must be a number from 0 to 1000")]
    [InlineData("\"tiny\"", "\"a/b\"", 2, 11, "usable as a file name")]
    public void What_is_wrong_is_told_with_its_place(string from, string to, int line, int column, string message)
    {
        Outcome<Recipe> read = RecipeReader.Read(Tiny.Replace(from, to, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Compiler.Diagnostics.BloomDiagnostic first = read.Diagnostics[0];
        Assert.Contains(message, first.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (first.Location.Line, first.Location.Column));
    }

    [Fact]
    public void A_ghost_networks_noise_falls_over_the_run()
    {
        Recipe recipe = RecipeReader.Read(Ghost("\"ghosts\": 0.5, \"offsets\": \"channel\"")).Value!;
        Assert.Equal((GhostShifts.Learned, true, ""), (recipe.Network.Shifts, recipe.Network.HasOffsetPerChannel, recipe.Network.Parent));
        Assert.Equal(new NoiseRecipe(1, 0.97f), recipe.Training.Noise);
        Assert.Equal([1, 0.97f, 0.97f * 0.97f], new[] { 0, 1, 2 }.Select(part => (float)recipe.Training.Noise.At(part / 200.0)));
        Assert.InRange(recipe.Training.Noise.At(1), 0.001, 0.003);
        string own = Ghost("\"ghosts\": 0.5").Replace("\"batch\": 2", "\"noise\": { \"start\": 2, \"decay\": 0.5 }", StringComparison.Ordinal);
        Assert.Equal(0.5, RecipeReader.Read(own).Value!.Training.Noise.At(0.01), 1e-9);
    }

    [Theory]
    [InlineData("\"ghosts\": 0.5, \"shifts\": \"fixed\"")]
    [InlineData("\"ghosts\": 0.5, \"shifts\": \"none\"")]
    [InlineData("\"ghosts\": 0")]
    public void Without_learned_offsets_there_is_no_noise(string ghosts)
    {
        Assert.Equal(0, RecipeReader.Read(Ghost(ghosts)).Value!.Training.Noise.At(0));
        string noisy = Ghost(ghosts).Replace("\"batch\": 2", "\"noise\": {}", StringComparison.Ordinal);
        Assert.Contains("unknown property 'noise'", RecipeReader.Read(noisy).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_may_fall_in_steps()
    {
        string text = Tiny.Replace("\"rate\": 0.01", "\"rate\": 0.01, \"schedule\": \"step\", \"milestones\": [3, 5], \"factor\": 0.5, \"warmUp\": 2", StringComparison.Ordinal);
        OptimiserRecipe optimiser = RecipeReader.Read(text).Value!.Optimiser;
        Assert.Equal([0.005f, 0.01f, 0.01f, 0.005f, 0.005f, 0.0025f], new[] { 0, 1, 2, 3, 4, 5 }.Select(step => (float)optimiser.CreateSchedule(6).RateAt(step)));
        Assert.Equal("0.01, times 0.5 after 3, 5 steps", optimiser.Course);
    }

    [Theory]
    [InlineData("\"schedule\": \"step\"", "the property 'milestones' is missing")]
    [InlineData("\"schedule\": \"step\", \"milestones\": [5, 3]", "'milestones' must rise")]
    [InlineData("\"schedule\": \"step\", \"milestones\": [5], \"least\": 0", "unknown property 'least'")]
    [InlineData("\"schedule\": \"cosine\", \"milestones\": [5]", "unknown property 'milestones'")]
    public void A_schedule_has_its_own_properties(string properties, string message) =>
        Assert.Contains(message, RecipeReader.Read(Tiny.Replace("\"rate\": 0.01", properties, StringComparison.Ordinal)).Diagnostics[0].Message, StringComparison.Ordinal);

    [Fact]
    public void The_hash_is_of_values_and_not_of_their_spelling()
    {
        string hash = RecipeReader.Read(Tiny).Value!.Hash;
        Assert.Equal(hash, RecipeReader.Read(Tiny.Replace("{ \"rate\"", "{ \"comment\": \"fast\",\n \"rate\"", StringComparison.Ordinal)).Value!.Hash);
        Assert.Equal(hash, RecipeReader.Read(Tiny.Replace("\"name\"", "\"$schema\": \"../recipe.schema.json\", \"name\"", StringComparison.Ordinal)).Value!.Hash);
        Assert.Equal(hash, RecipeReader.Read(Tiny.Replace("\"steps\": 6, \"batch\": 2", "\"batch\": 2, \"steps\": 6", StringComparison.Ordinal)).Value!.Hash);
        Assert.NotEqual(hash, RecipeReader.Read(Tiny.Replace("\"batch\": 2", "\"batch\": 3", StringComparison.Ordinal)).Value!.Hash);
    }

    [Fact]
    public void The_projects_recipes_are_valid()
    {
        string[] recipes = Directory.GetFiles(ModelsFolder.FullName, "recipe.json", SearchOption.AllDirectories);
        Assert.NotEmpty(recipes);
        foreach (string path in recipes)
        {
            Outcome<Recipe> read = RecipeReader.Read(File.ReadAllText(path));
            Assert.True(read.Succeeded, $"{path}: {string.Join("; ", read.Diagnostics.Select(d => d.ToString()))}");
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(path)), read.Value!.Name);
            Assert.DoesNotContain(read.Value.Data.Train, t => t.Contains("bsds500/val", StringComparison.Ordinal) || t.EndsWith("/test", StringComparison.Ordinal) && t.StartsWith("clothing10", StringComparison.Ordinal));
        }
    }
}

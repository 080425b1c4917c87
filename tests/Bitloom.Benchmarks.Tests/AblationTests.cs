using Bitloom.Benchmarks.Ablations;
using Bitloom.Benchmarks.Zoo;
using Bitloom.Benchmarks.Reports;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;

namespace Bitloom.Benchmarks.Tests;

public sealed class AblationTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Root, "models", "ablations");

    [Fact]
    public void Groups_compare_every_recipe_of_the_folder()
    {
        string[] present = [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        Assert.Equal(present, AblationGroup.Recipes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Recipes_of_a_group_differ_in_the_network_or_the_surrogate_only()
    {
        foreach (AblationGroup group in AblationGroup.All)
        {
            Recipe[] recipes = [.. group.Variants.Select(v => RecipeReader.Read(File.ReadAllText(Path.Combine(Folder, v.Recipe, "recipe.json"))).Value!)];
            Assert.Equal(recipes.Length, recipes.Select(r => r.Hash).Distinct().Count());
            foreach (Recipe recipe in recipes)
            {
                Assert.Equal((recipes[0].Task, recipes[0].Data, recipes[0].Optimiser, recipes[0].Validation), (recipe.Task, recipe.Data, recipe.Optimiser, recipe.Validation));
                Assert.Equal((recipes[0].Training.Steps, recipes[0].Training.Batch, recipes[0].Training.Seed, recipes[0].Training.Loss), (recipe.Training.Steps, recipe.Training.Batch, recipe.Training.Seed, recipe.Training.Loss));
                Assert.Equal((recipes[0].Network.Channels, recipes[0].Network.Units), (recipe.Network.Channels, recipe.Network.Units));
            }
        }
    }

    [Fact]
    public void A_parent_runs_before_the_networks_that_start_from_it()
    {
        string[] order = [.. AblationGroup.Recipes];
        foreach (string name in order)
        {
            string parent = RecipeReader.Read(File.ReadAllText(Path.Combine(Folder, name, "recipe.json"))).Value!.Network.Parent;
            if (parent.Length > 0) Assert.True(Array.IndexOf(order, Path.GetFileNameWithoutExtension(parent)) < Array.IndexOf(order, name), name);
        }
    }

    [Fact]
    public void Report_takes_the_last_and_the_best_validation_and_tells_what_was_not_run()
    {
        CurvePoint[] curve = [new(250, 0.03, 1e-3, 34.5, 33.85), new(500, 0.02, 1e-5, 34.25, 33.85)];
        var quality = new ModelQuality("sha256:0", [new SetQuality("set", "classify", new Figures("top-1", "%", 372, 84.9462, new Dictionary<string, double>(), 19938470))]);
        string text = AblationReport.Compose(name => name == "bbcu" ? curve : null, model => model == "drnet-s" ? quality : null);
        Assert.Contains("| quad | 34.25 | 34.50 | 33.85 | 0.02000 | 500 |", text, StringComparison.Ordinal);
        Assert.Contains("| V4 | 34.25 |", text, StringComparison.Ordinal);
        Assert.Contains("| learned | not run |", text, StringComparison.Ordinal);
        Assert.Contains("| chosen for each picture | drnet-s | 84.95 | 19.94 |", text, StringComparison.Ordinal);
        Assert.Contains("| 80 | resnet-s-80 | not run |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_runs_are_not_run_again()
    {
        DirectoryInfo output = Directory.CreateTempSubdirectory("bitloom-tests-");
        try
        {
            // No data: a run that began would fail.
            var runs = new AblationRuns(Folder, "nowhere", output.FullName, 1);
            Assert.Null(runs.CurveOf("bbcu"));
            Assert.Contains("there is no such folder", Assert.Throws<Training.TrainingException>(() => runs.Run("bbcu", _ => { }, default)).Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(output.FullName, "bbcu", "bbcu.bloom"), "{}");
            File.WriteAllText(Path.Combine(output.FullName, "bbcu", "curve.csv"), "step,loss,rate,psnr-y_db,baseline\n250,0.03,0.001,34.5,33.85\n");
            Assert.True(runs.Run("bbcu", _ => { }, default));
            Assert.Equal(34.5, Assert.Single(runs.CurveOf("bbcu")!).Quality);
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}

using Bitloom.Benchmarks.Commands;
using Bitloom.Benchmarks.Reports;
using Bitloom.Benchmarks.Zoo;
using Bitloom.Compiler.Descriptors;
using Bitloom.Training.Recipes;

namespace Bitloom.Benchmarks.Tests;

public sealed class ZooTests
{
    private static readonly string Models = Path.Combine(RepositoryFolder.Root, "models");

    [Fact]
    public void The_table_is_that_of_the_models_and_their_figures() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Models, "README.md")).ReplaceLineEndings("\n"), ZooCommand.Update(Models));

    [Fact]
    public void Descriptors_are_canonical_and_cards_are_theirs()
    {
        IReadOnlyList<ZooModel> models = ZooModel.FindAll(Models);
        Assert.NotEmpty(models);
        foreach (ZooModel model in models)
        {
            Assert.Equal(DescriptorWriter.Write(model.Graph), File.ReadAllText(Path.Combine(model.Folder, model.Name + ".bloom")));
            Assert.Contains(model.Hash, File.ReadAllText(Path.Combine(model.Folder, "CARD.md")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Figures_survive_their_file()
    {
        var quality = new ModelQuality("sha256:00", [new SetQuality("Set5", "x2", new Figures("PSNR-Y", "dB", 5, 36.91, new Dictionary<string, double> { ["bicubic"] = 33.67 }, 29.5e6))]);
        var read = ModelQuality.Parse(quality.ToJson(), "quality.json");
        Assert.Equal(quality.Model, read.Model);
        Assert.Equal(quality.Sets[0].Figures with { Baselines = read.Sets[0].Figures.Baselines }, read.Sets[0].Figures);
        Assert.Equal(33.67, read.Sets[0].Figures.Baselines["bicubic"]);
    }

    [Fact]
    public void A_damaged_file_is_named() =>
        Assert.StartsWith("a/quality.json: ", Assert.Throws<FormatException>(() => { ModelQuality.Parse("{", "a/quality.json"); }).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_without_figures_says_so()
    {
        ZooModel model = ZooModel.FindAll(Models)[0];
        Assert.Contains("not measured", ZooTable.Compose([(model, null)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_measured_that_recipes_train_on()
    {
        foreach (ZooModel model in ZooModel.FindAll(Models).Where(m => File.Exists(Path.Combine(m.Folder, "recipe.json"))))
        {
            Recipe recipe = RecipeReader.Read(File.ReadAllText(Path.Combine(model.Folder, "recipe.json"))).Value!;
            Assert.Empty(TestSet.Of(model.Task.Kind).Select(s => s.Folder).Intersect(recipe.Data.Train));
        }
    }
}

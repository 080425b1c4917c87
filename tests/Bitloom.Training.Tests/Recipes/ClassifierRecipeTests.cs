using Bitloom.Compiler;
using Bitloom.Training.Recipes;
using Bitloom.Training.Tests.Runs;

namespace Bitloom.Training.Tests.Recipes;

/// <summary>What recipes say of classifiers.</summary>
public class ClassifierRecipeTests
{
    [Fact]
    public void A_gated_recipe_is_read_with_its_defaults()
    {
        Recipe recipe = RecipeReader.Read(GatedRunTests.Gated).Value!;
        Assert.Equal(new ClassifierRecipe(2, [1, 1], 3, [20, 12], new PredictorRecipe(12, 2, 3)), recipe.Network.Classifier);
        Assert.Equal(new GatingRecipe(0.2f, 0.6f, Temperature: 1, Noise: 1, 0.5f), recipe.Gating);
        Assert.Equal((0.5f, 0.2f, 0.1f), (recipe.Data.LeastArea, recipe.Data.Colour, recipe.Training.Smoothing));
        Assert.Equal("cross-entropy", recipe.Training.Loss);
    }

    [Theory]
    [InlineData("[20, 12]", "[20]", "'resolutions' must be 2 to")]
    [InlineData("[20, 12]", "[20, 20]", "'resolutions' must be 2 to")]
    [InlineData("[20, 12]", "[]", "'resolutions' must be an array of whole numbers from 1 to 4096")]
    [InlineData("[20, 12]", "[20, \"x\"]", "'resolutions' must be a whole number from 1 to 4096")]
    [InlineData("\"classes\": 2, ", "", "the property 'classes' is missing")]
    [InlineData("\"stem\": 3, \"blocks\"", "\"stem\": 4, \"blocks\"", "'stem' must be odd, not 4")]
    [InlineData("\"size\": 12", "\"side\": 12", "unknown property 'side'")]
    [InlineData("\"eta\": 0.2", "\"eta\": -1", "'eta' must be a number from 0 to 1000")]
    [InlineData("\"leastArea\": 0.5", "\"leastArea\": 2", "'leastArea' must be a number from 0.01 to 1")]
    [InlineData("\"drnet\"", "\"resnet\"", "unknown property")]
    [InlineData("\"drnet\"", "\"edsr\"", "use resnet or drnet")]
    [InlineData("\"classify\"", "\"x2\"", "'drnet' is not for the task 'x2': use bbcu-sr or edsr")]
    public void What_is_wrong_is_told(string from, string to, string message)
    {
        Outcome<Recipe> read = RecipeReader.Read(GatedRunTests.Gated.Replace(from, to, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics, d => d.Message.Contains(message, StringComparison.Ordinal));
    }
}

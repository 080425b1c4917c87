using System.Text.Json;
using Bitloom.Tests;
using Bitloom.Training.Recipes;

namespace Bitloom.Training.Tests.Recipes;

/// <summary><c>models/recipe.schema.json</c> against what the reader asks for: names, types, words, bounds.</summary>
public class RecipeSchemaTests
{
    // Tasks, architectures and words that decide what else a recipe may hold.
    private static IEnumerable<string> Recipes =>
        from task in new[] { "x2", "sigma25", "jpeg20", "spectral", "classify" }
        from architecture in NetworkRecipe.Architectures
        from kind in OptimiserRecipe.Kinds
        from schedule in OptimiserRecipe.Schedules
        select $$"""{ "task": "{{task}}", "network": { "architecture": "{{architecture}}", "ghosts": 0.5 }, "optimiser": { "kind": "{{kind}}", "schedule": "{{schedule}}" } }""";

    [Fact]
    public void Every_property_that_is_read_is_in_the_schema_and_no_other()
    {
        var read = new Dictionary<string, RecipeProperty>(StringComparer.Ordinal);
        var described = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (string recipe in Recipes) RecipeReader.Read(recipe, p => read[p.Path] = p);
        using JsonDocument schema = Open();
        Collect(schema.RootElement, "", described);
        Assert.Equal(read.Keys.Order(StringComparer.Ordinal), described.Keys.Order(StringComparer.Ordinal));
        foreach ((string path, RecipeProperty property) in read) AssertDescribes(described[path], property);
    }

    [Fact]
    public void Properties_that_are_always_required_are_so_in_the_schema()
    {
        var asked = new Dictionary<string, List<bool>>(StringComparer.Ordinal);
        string[] recipes = [.. Recipes];
        foreach (string recipe in recipes)
        {
            var required = new HashSet<string>();
            RecipeReader.Read(recipe, p => { if (p.IsRequired) required.Add(p.Path); });
            foreach (string path in required)
            {
                if (!asked.TryGetValue(path, out List<bool>? times)) asked.Add(path, times = []);
                times.Add(true);
            }
        }

        using JsonDocument schema = Open();
        var wanted = new List<string>();
        CollectRequired(schema.RootElement, "", wanted);
        Assert.Equal(asked.Where(a => a.Value.Count == recipes.Length).Select(a => a.Key).Order(StringComparer.Ordinal), wanted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_projects_recipes_name_the_schema()
    {
        string[] recipes = Directory.GetFiles(ModelsFolder.FullName, "recipe.json", SearchOption.AllDirectories);
        Assert.NotEmpty(recipes);
        foreach (string path in recipes)
        {
            using JsonDocument recipe = JsonDocument.Parse(File.ReadAllText(path));
            string named = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, recipe.RootElement.GetProperty("$schema").GetString()!));
            Assert.Equal(Path.Combine(ModelsFolder.FullName, "recipe.schema.json"), named);
            Assert.True(RecipeReader.Read(File.ReadAllText(path)).Succeeded, path);
        }
    }

    private static void AssertDescribes(JsonElement schema, RecipeProperty property)
    {
        Assert.True(schema.TryGetProperty("description", out _), $"{property.Path} has no description");
        Assert.True(schema.GetProperty("type").GetString() == (property.IsArray ? "array" : property.Type), property.Path);
        if (property.IsArray)
        {
            schema = schema.GetProperty("items");
            Assert.True(schema.GetProperty("type").GetString() == property.Type, property.Path);
        }

        string[] words = schema.TryGetProperty("enum", out JsonElement choices) ? [.. choices.EnumerateArray().Select(c => c.GetString()!)] : [];
        Assert.True(property.Choices.SequenceEqual(words), $"{property.Path}: {string.Join(", ", property.Choices)}");
        Assert.True(Bound(schema, "minimum") == property.Least, $"{property.Path} is at least {property.Least}");
        Assert.True(Bound(schema, "maximum") == property.Most, $"{property.Path} is at most {property.Most}");
    }

    // Bounds are compared as the single precision that recipes are read in.
    private static double? Bound(JsonElement schema, string name) => !schema.TryGetProperty(name, out JsonElement bound) ? null
        : schema.GetProperty("type").GetString() == "integer" ? bound.GetDouble() : bound.GetSingle();

    private static void Collect(JsonElement schema, string path, Dictionary<string, JsonElement> described)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean(), path);
        Assert.True(schema.GetProperty("properties").TryGetProperty("comment", out _), $"'{path}' may hold no comment");
        foreach (JsonProperty property in schema.GetProperty("properties").EnumerateObject().Where(p => p.Name != "comment"))
        {
            described.Add(path + property.Name, property.Value);
            if (property.Value.GetProperty("type").GetString() == "object") Collect(property.Value, path + property.Name + "/", described);
        }
    }

    private static void CollectRequired(JsonElement schema, string path, List<string> found)
    {
        if (schema.TryGetProperty("required", out JsonElement required)) found.AddRange(required.EnumerateArray().Select(r => path + r.GetString()));
        foreach (JsonProperty property in schema.GetProperty("properties").EnumerateObject())
            if (property.Value.TryGetProperty("properties", out _)) CollectRequired(property.Value, path + property.Name + "/", found);
    }

    private static JsonDocument Open() => JsonDocument.Parse(File.ReadAllText(Path.Combine(ModelsFolder.FullName, "recipe.schema.json")));
}

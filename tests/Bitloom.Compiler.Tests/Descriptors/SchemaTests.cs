using System.Text.Json;
using Bitloom.Compiler.Descriptors;
using Xunit;

namespace Bitloom.Compiler.Tests.Descriptors;

public class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(DescriptorSchema.Read()).RootElement;

    [Fact]
    public void EveryOperatorAndPropertyIsInTheSchemaAndNothingElse()
    {
        JsonElement definitions = Schema.GetProperty("$defs");
        IEnumerable<string> named = definitions.EnumerateObject().Select(d => d.Name).Where(n => n.StartsWith("operator.", StringComparison.Ordinal));
        Assert.Equal(DescriptorOperators.All.Select(o => "operator." + o.Kind).Order(), named.Order());
        IEnumerable<string> nodes = definitions.GetProperty("node").GetProperty("oneOf").EnumerateArray().Select(r => r.GetProperty("$ref").GetString()!["#/$defs/".Length..]);
        Assert.Equal(named.Order(), nodes.Order());
        foreach (DescriptorOperator @operator in DescriptorOperators.All)
        {
            JsonElement definition = definitions.GetProperty("operator." + @operator.Kind), properties = definition.GetProperty("properties");
            IEnumerable<string> expected = @operator.Properties.Select(p => p.Name).Concat(["name", "op", "inputs", "comment"]);
            Assert.Equal(expected.Order(), properties.EnumerateObject().Select(p => p.Name).Order());
            IEnumerable<string> required = @operator.Properties.Where(p => p.IsRequired).Select(p => p.Name).Concat(["name", "op", "inputs"]);
            Assert.Equal(required.Order(), definition.GetProperty("required").EnumerateArray().Select(p => p.GetString()).Order());
            foreach (OperatorProperty property in @operator.Properties) CheckProperty(property, properties.GetProperty(property.Name));
        }
    }

    [Fact]
    public void WrittenDescriptorsMeetTheSchema()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            using JsonDocument text = JsonDocument.Parse(DescriptorWriter.Write(RandomGraphs.Draw(seed)));
            Assert.Null(SchemaWalker.FindError(Schema, Schema, text.RootElement, "$"));
        }
    }

    [Theory]
    [InlineData("\"op\": \"Add\"", "\"op\": \"Plus\"")]
    [InlineData("\"op\": \"Add\"", "\"op\": \"Add\", \"axis\": 1")]
    [InlineData("\"pad\": 1", "\"pad\": [1, 1, 1]")]
    [InlineData("\"bloom\": 1", "\"bloom\": 2")]
    [InlineData("\"type\": \"bits\"", "\"type\": \"bit\"")]
    [InlineData("\"channels\": 3", "\"channels\": 0")]
    [InlineData("\"height\": \"height\"", "\"height\": \"rows\"")]
    public void TheSchemaRefusesWhatTheReaderRefuses(string good, string bad)
    {
        string text = DescriptorWriter.Write(Samples.Small).Replace(good, bad, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.NotNull(SchemaWalker.FindError(Schema, Schema, document.RootElement, "$"));
        Assert.False(DescriptorReader.Read(text).Succeeded);
    }

    private static void CheckProperty(OperatorProperty property, JsonElement schema)
    {
        string kind = property.Kind.ToString();
        Assert.Equal($"#/$defs/{char.ToLowerInvariant(kind[0])}{kind[1..]}", schema.GetProperty("$ref").GetString());
        string expected = property.Default ?? "";
        Assert.Equal(expected, schema.TryGetProperty("default", out JsonElement value) ? value.GetRawText() : "");
    }
}

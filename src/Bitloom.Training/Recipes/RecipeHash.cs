using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bitloom.Compiler.Descriptors.Syntax;

namespace Bitloom.Training.Recipes;

/// <summary>What tells recipes apart: the hash of the values in one spelling, properties by name, without comments, the description and the schema's name.</summary>
internal static class RecipeHash
{
    internal static string Of(JsonValue root)
    {
        var text = new StringBuilder();
        Append(text, root);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonTokenType.StartObject:
                text.Append('{');
                foreach (Compiler.Descriptors.Syntax.JsonProperty property in value.Properties.Where(p => p.Name is not (ObjectReader.Comment or "description" or "$schema")).OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    text.Append(property.Name.Length).Append(' ').Append(property.Name).Append(':');
                    Append(text, property.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonTokenType.StartArray:
                text.Append('[');
                foreach (JsonValue item in value.Items)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(value.Kind).Append(' ').Append(value.Text.Length).Append(' ').Append(value.Text);
                break;
        }
    }
}

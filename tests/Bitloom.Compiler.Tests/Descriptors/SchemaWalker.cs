using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>Validates JSON against the keywords of JSON Schema that <c>bloom.schema.json</c> uses; an unknown keyword is an error.</summary>
internal static class SchemaWalker
{
    /// <summary>Null where <paramref name="value"/> meets <paramref name="schema"/>, else the path and the keyword that fails.</summary>
    public static string? FindError(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
            if (Check(root, schema, keyword, value, path) is { } error) return error;
        return null;
    }

    private static string? Check(JsonElement root, JsonElement schema, JsonProperty keyword, JsonElement value, string path)
    {
        JsonElement rule = keyword.Value;
        bool isObject = value.ValueKind == JsonValueKind.Object, isArray = value.ValueKind == JsonValueKind.Array, isText = value.ValueKind == JsonValueKind.String;
        return keyword.Name switch
        {
            "$schema" or "$id" or "$defs" or "title" or "description" or "default" or "contentEncoding" => null,
            "$ref" => FindError(root, root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), value, path),
            "oneOf" => Fail(rule.EnumerateArray().Count(s => FindError(root, s, value, path) is null) == 1),
            "type" => Fail(HasType(value, rule.GetString()!)),
            "const" => Fail(JsonElement.DeepEquals(rule, value)),
            "enum" => Fail(rule.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value))),
            "properties" => isObject ? First(value.EnumerateObject().Where(p => rule.TryGetProperty(p.Name, out _)), p => FindError(root, rule.GetProperty(p.Name), p.Value, $"{path}.{p.Name}")) : null,
            "required" => Fail(!isObject || rule.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _))),
            "additionalProperties" => Fail(rule.GetBoolean() || !isObject || value.EnumerateObject().All(p => schema.GetProperty("properties").TryGetProperty(p.Name, out _))),
            "items" => isArray ? First(value.EnumerateArray().Index(), i => FindError(root, rule, i.Item, $"{path}[{i.Index}]")) : null,
            "minItems" => Fail(!isArray || value.GetArrayLength() >= rule.GetInt32()),
            "maxItems" => Fail(!isArray || value.GetArrayLength() <= rule.GetInt32()),
            "minLength" => Fail(!isText || value.GetString()!.Length >= rule.GetInt32()),
            "maxLength" => Fail(!isText || value.GetString()!.Length <= rule.GetInt32()),
            "pattern" => Fail(!isText || Regex.IsMatch(value.GetString()!, rule.GetString()!)),
            "minimum" => Fail(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble()),
            "maximum" => Fail(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= rule.GetDouble()),
            _ => $"the schema uses the keyword {keyword.Name}, which this walker does not know",
        };

        string? Fail(bool holds) => holds ? null : $"{path}: {keyword.Name}";
    }

    private static string? First<T>(IEnumerable<T> items, Func<T, string?> check) => items.Select(check).FirstOrDefault(e => e is not null);

    private static bool HasType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };
}

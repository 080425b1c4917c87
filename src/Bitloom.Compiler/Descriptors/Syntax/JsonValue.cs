using System.Text;
using System.Text.Json;

namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>A value of a JSON text and where it starts. Long strings stay in the UTF-8 text until somebody asks for them.</summary>
/// <param name="kind">The token that starts the value.</param>
/// <param name="line">Line from 1.</param>
/// <param name="column">Column in UTF-16 units from 1.</param>
internal sealed class JsonValue(JsonTokenType kind, int line, int column)
{
    /// <summary>The token that starts the value.</summary>
    public JsonTokenType Kind { get; } = kind;

    /// <summary>Line from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column in UTF-16 units from 1.</summary>
    public int Column { get; } = column;

    /// <summary>A string's content without escapes, a number's digits; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; init; }

    /// <summary>Elements of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>Properties of an object, in the order written, each name once.</summary>
    public IReadOnlyList<JsonProperty> Properties { get; init; } = [];

    /// <summary>The value of an object's property, or null.</summary>
    public JsonValue? Find(string name)
    {
        foreach (JsonProperty property in Properties)
            if (property.Name == name) return property.Value;
        return null;
    }

    /// <summary><see cref="Utf8"/> as text.</summary>
    public string Text => Encoding.UTF8.GetString(Utf8.ToArray());

    /// <summary>The value as a message shows it: its kind and, where it is short, the value itself.</summary>
    public string Shown => Kind switch
    {
        JsonTokenType.String => Utf8.Length > 256 ? "a long string" : Quoted.Name(Text),
        JsonTokenType.Number => Utf8.Length > 32 ? "a long number" : Text,
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}

/// <summary>A property of an object: its name, where the name stands, and its value.</summary>
internal sealed record JsonProperty(string Name, int Line, int Column, JsonValue Value);

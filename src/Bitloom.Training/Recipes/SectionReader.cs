using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Training.Recipes;

/// <summary>A property that a recipe may hold, as its schema describes it.</summary>
/// <param name="Path">Names from the root on, with slashes between.</param>
/// <param name="Type">Type in JSON; of the items where it is an array.</param>
/// <param name="IsArray">Whether it is an array of the type.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="Choices">The words of a choice; else empty.</param>
/// <param name="Least">The least number; null where it is none.</param>
/// <param name="Most">The greatest number.</param>
internal sealed record RecipeProperty(string Path, string Type, bool IsArray, bool IsRequired, EquatableArray<string> Choices, double? Least, double? Most);

/// <summary>Reads one object of a recipe. What was asked for is what the object may hold; a wrong value reads as its default.</summary>
/// <param name="reader">The object; null where it is absent.</param>
/// <param name="observe">Is told of each property that is asked for; may be null.</param>
/// <param name="path">Names from the root on, each with a slash behind it.</param>
internal sealed class SectionReader(ObjectReader? reader, Action<RecipeProperty>? observe = null, string path = "")
{
    private readonly List<string> _known = [];

    /// <summary>An object inside; an absent one that is not required has nothing but defaults.</summary>
    internal SectionReader Section(string name, bool isRequired)
    {
        JsonValue? value = Find(name, isRequired ? "an object in braces" : null, "object");
        return new SectionReader(value is null ? null : ObjectReader.Open(value, $"'{name}'", reader!.Diagnostics), observe, path + name + "/");
    }

    /// <summary>A string of at least one character; optional where <paramref name="meaning"/> is empty.</summary>
    internal string Text(string name, string meaning)
    {
        if (Find(name, meaning.Length > 0 ? meaning : null, "string") is not { } value) return "";
        if (value.Kind == System.Text.Json.JsonTokenType.String && (value.Text.Length > 0 || meaning.Length == 0)) return value.Text;
        Wrong(value, $"'{name}' must be a string{(meaning.Length > 0 ? " with something in it" : "")}, not {value.Shown}");
        return "";
    }

    /// <summary>A required array of strings.</summary>
    internal EquatableArray<string> Texts(string name)
    {
        if (Find(name, "an array of folders or files", "string", isArray: true) is not { } value) return [];
        if (value.Items.Count > 0 && value.Items.All(i => i.Kind == System.Text.Json.JsonTokenType.String && i.Text.Length > 0)) return value.Items.Select(i => i.Text).ToEquatableArray();
        Wrong(value, $"'{name}' must be an array of one or more strings (folders or files), not {(value.Items.Count > 0 ? "other values" : value.Shown)}");
        return [];
    }

    /// <summary>One of some words; required where there is no default.</summary>
    internal string Choice(string name, IReadOnlyList<string> choices, string? standard)
    {
        if (Find(name, standard is null ? $"one of {string.Join(", ", choices)}" : null, "string", choices: choices) is not { } value) return standard ?? "";
        if (value.Kind == System.Text.Json.JsonTokenType.String && choices.Contains(value.Text)) return value.Text;
        string near = value.Kind == System.Text.Json.JsonTokenType.String ? NearestName.Suggest(value.Text, choices) : "";
        Wrong(value, $"'{name}' must be one of {string.Join(", ", choices)}, not {value.Shown}{near}");
        return standard ?? "";
    }

    /// <summary>A whole number within bounds; required where there is no default.</summary>
    internal int Integer(string name, int least, int most, int? standard) =>
        Find(name, standard is null ? Invariant($"a whole number from {least} to {most}") : null, "integer", least, most) is { } value
            ? reader!.IntegerOf(value, $"'{name}'", least, most) ?? least : standard ?? least;

    /// <summary>An array of whole numbers within bounds; required where there is no default.</summary>
    internal EquatableArray<int> Integers(string name, int least, int most, EquatableArray<int>? standard)
    {
        if (Find(name, standard is null ? Invariant($"an array of whole numbers from {least} to {most}") : null, "integer", least, most, isArray: true) is not { } value) return standard ?? [];
        if (value.Items.Count > 0) return value.Items.Select(i => reader!.IntegerOf(i, $"'{name}'", least, most) ?? least).ToEquatableArray();
        Wrong(value, Invariant($"'{name}' must be an array of whole numbers from {least} to {most}, not {value.Shown}"));
        return standard ?? [];
    }

    /// <summary>A number within bounds.</summary>
    internal float Real(string name, float least, float most, float standard)
    {
        if (Find(name, null, "number", least, most) is not { } value || reader!.RealOf(value, $"'{name}'") is not { } number) return standard;
        if (number >= least && number <= most) return number;
        Wrong(value, Invariant($"'{name}' must be a number from {least} to {most}, not {value.Shown}"));
        return standard;
    }

    /// <summary>True or false.</summary>
    internal bool Flag(string name, bool standard)
    {
        if (Find(name, null, "boolean") is not { } value) return standard;
        if (value.Kind is System.Text.Json.JsonTokenType.True or System.Text.Json.JsonTokenType.False) return value.Kind == System.Text.Json.JsonTokenType.True;
        Wrong(value, $"'{name}' must be true or false, not {value.Shown}");
        return standard;
    }

    /// <summary>Reports what was never asked for.</summary>
    internal void Finish() => reader?.RejectUnknown(_known);

    /// <summary>Reports an error at a property, or at the object where the property is absent.</summary>
    internal void Fail(string name, string message)
    {
        if (reader is null) return;
        JsonValue? value = reader.Find(name);
        reader.Fail(BloomRules.InvalidProperty, value is null ? reader.Location : reader.At(value), message);
    }

    private JsonValue? Find(string name, string? meaning, string type, double? least = null, double? most = null, bool isArray = false, IReadOnlyList<string>? choices = null)
    {
        observe?.Invoke(new RecipeProperty(path + name, type, isArray, meaning is not null, [.. choices ?? []], least, most));
        _known.Add(name);
        return meaning is null ? reader?.Find(name) : reader?.Require(name, meaning);
    }

    private void Wrong(JsonValue value, string message) => reader!.Fail(BloomRules.InvalidProperty, reader.At(value), message);
}

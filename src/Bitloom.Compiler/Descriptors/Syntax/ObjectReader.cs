using System.Globalization;
using System.Text.Json;
using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>Reads the properties of one JSON object, reporting what is missing, unknown or of the wrong type.</summary>
/// <param name="value">The object.</param>
/// <param name="owner">Name of the node, input, output or weight, for locations; empty for the file.</param>
/// <param name="diagnostics">Where errors go.</param>
internal sealed class ObjectReader(JsonValue value, string owner, DiagnosticBag diagnostics)
{
    /// <summary>Allowed in every object; never read.</summary>
    public const string Comment = "comment";

    /// <summary>Where the object starts.</summary>
    public SourceLocation Location => At(value);

    /// <summary>Where the errors go.</summary>
    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>True where the last read or any before reported an error.</summary>
    public bool Failed { get; private set; }

    /// <summary>Opens <paramref name="element"/>, whose own <c>name</c> becomes the location's node; null where it is no object.</summary>
    public static ObjectReader? Open(JsonValue element, string what, DiagnosticBag diagnostics)
    {
        if (element.Kind == JsonTokenType.StartObject)
        {
            JsonValue? name = element.Find("name");
            return new ObjectReader(element, name is { Kind: JsonTokenType.String } && IsName(name) ? name.Text : "", diagnostics);
        }

        diagnostics.Add(BloomRules.InvalidProperty.At(new SourceLocation(element.Line, element.Column, ""), $"{what} must be an object in braces, not {element.Shown}"));
        return null;
    }

    /// <summary>The location of a value inside this object.</summary>
    public SourceLocation At(JsonValue inside) => new(inside.Line, inside.Column, owner);

    /// <summary>Reports an error about this object and marks it as failed.</summary>
    public void Fail(BloomRule rule, SourceLocation location, string message)
    {
        Failed = true;
        diagnostics.Add(rule.At(location, message));
    }

    /// <summary>Marks the object as failed for a reason that was reported elsewhere.</summary>
    public void MarkFailed() => Failed = true;

    /// <summary>A suggestion to append to a message; empty where nothing is near or the message will not be shown.</summary>
    public string Suggest(string name, IEnumerable<string> candidates) => diagnostics.IsFull ? "" : NearestName.Suggest(name, candidates);

    /// <summary>The property's value or null.</summary>
    public JsonValue? Find(string name) => value.Find(name);

    /// <summary>The property's value; its absence is an error.</summary>
    public JsonValue? Require(string name, string meaning)
    {
        JsonValue? found = Find(name);
        if (found is null) Fail(BloomRules.InvalidProperty, Location, $"the property '{name}' is missing: add {meaning}");
        return found;
    }

    /// <summary>Reports every property that is not among <paramref name="known"/>; a comment must be a string.</summary>
    public void RejectUnknown(IReadOnlyList<string> known)
    {
        foreach (JsonProperty property in value.Properties)
        {
            var location = new SourceLocation(property.Line, property.Column, owner);
            if (property.Name == Comment)
            {
                if (property.Value.Kind != JsonTokenType.String) Fail(BloomRules.InvalidProperty, At(property.Value), $"'{Comment}' must be a string, not {property.Value.Shown}");
            }
            else if (!known.Contains(property.Name))
            {
                string suggestion = Suggest(property.Name, known);
                Fail(BloomRules.InvalidProperty, location, $"unknown property {Quoted.Name(property.Name)}{(suggestion.Length > 0 ? suggestion : $": this object takes {string.Join(", ", known)} and {Comment}")}");
            }
        }
    }

    /// <summary>A name: a string of 1 to 256 characters without control characters.</summary>
    public string? Name(string property, string meaning) => Require(property, meaning) is { } found ? NameOf(found, $"'{property}'") : null;

    /// <summary>The string <paramref name="inside"/> as a name, or null and an error.</summary>
    public string? NameOf(JsonValue inside, string what)
    {
        if (inside.Kind == JsonTokenType.String && IsName(inside)) return inside.Text;
        Fail(BloomRules.InvalidProperty, At(inside), $"{what} must be a name (a string of 1 to {DescriptorLimits.NameLength} characters without control characters), not {inside.Shown}");
        return null;
    }

    /// <summary>A string, or null where it is absent or not a string (which is an error).</summary>
    public string? OptionalText(string property)
    {
        JsonValue? found = Find(property);
        if (found is null or { Kind: JsonTokenType.String }) return found?.Text;
        Fail(BloomRules.InvalidProperty, At(found), $"'{property}' must be a string, not {found.Shown}");
        return null;
    }

    /// <summary>The elements of a required array.</summary>
    public IReadOnlyList<JsonValue>? Items(string property, string meaning)
    {
        JsonValue? found = Require(property, meaning);
        if (found is null or { Kind: JsonTokenType.StartArray }) return found?.Items;
        Fail(BloomRules.InvalidProperty, At(found), $"'{property}' must be an array of {meaning}, not {found.Shown}");
        return null;
    }

    /// <summary>A whole number within bounds, or null and an error.</summary>
    public int? IntegerOf(JsonValue inside, string what, int least, int most)
    {
        bool whole = inside.Kind == JsonTokenType.Number && inside.Utf8.Length <= 20
            && long.TryParse(inside.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= least && number <= most;
        if (whole) return int.Parse(inside.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        Fail(inside.Kind == JsonTokenType.Number && IsWhole(inside) ? BloomRules.LimitExceeded : BloomRules.InvalidProperty, At(inside),
            FormattableString.Invariant($"{what} must be a whole number from {least} to {most}, not {inside.Shown}"));
        return null;
    }

    /// <summary>A finite single-precision number, or null and an error.</summary>
    public float? RealOf(JsonValue inside, string what)
    {
        if (inside.Kind == JsonTokenType.Number && inside.Utf8.Length <= 64 && NumberText.TryParse(inside.Text, out float number)) return number;
        Fail(BloomRules.InvalidProperty, At(inside), $"{what} must be a number that single precision can hold, not {inside.Shown}");
        return null;
    }

    /// <summary>One whole number for all of <paramref name="count"/> places, or an array of that many; 2 are vertical and horizontal, 4 are sides.</summary>
    public int[] OneOrAll(string name, int count, int least, int fallback, int most)
    {
        JsonValue? value = Find(name);
        if (value is null) return [.. Enumerable.Repeat(fallback, count)];
        if (value.Kind != JsonTokenType.StartArray)
            return [.. Enumerable.Repeat(IntegerOf(value, $"'{name}'", least, most) ?? least, count)];
        if (value.Items.Count == count)
            return [.. value.Items.Select(i => IntegerOf(i, $"each number of '{name}'", least, most) ?? least)];
        string order = count == 2 ? "vertical, horizontal" : "top, left, bottom, right";
        Fail(BloomRules.InvalidProperty, At(value), FormattableString.Invariant($"'{name}' must be one whole number or an array of {count} ({order}), not an array of {value.Items.Count}"));
        return [.. Enumerable.Repeat(fallback, count)];
    }

    private static bool IsWhole(JsonValue number) => number.Utf8.Span.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;

    private static bool IsName(JsonValue text) =>
        text.Utf8.Length is > 0 and <= 4 * DescriptorLimits.NameLength && text.Text is { Length: <= DescriptorLimits.NameLength } name && !name.Any(char.IsControl);
}

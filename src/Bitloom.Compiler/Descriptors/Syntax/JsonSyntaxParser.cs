using System.Text;
using System.Text.Json;
using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>
/// Parses JSON text into values that know their line and column. Comments (// and /* */) are skipped, repeated property names are
/// reported, and the first syntax error ends the parse.
/// </summary>
internal sealed class JsonSyntaxParser
{
    private readonly byte[] _utf8;
    private readonly TextCursor _cursor;
    private readonly DiagnosticBag _diagnostics;
    private bool _stopped;

    private JsonSyntaxParser(byte[] utf8, DiagnosticBag diagnostics) => (_utf8, _cursor, _diagnostics) = (utf8, new TextCursor(utf8), diagnostics);

    /// <summary>The root value, or null where the text is not well-formed.</summary>
    public static JsonValue? Parse(string text, DiagnosticBag diagnostics)
    {
        if (text.Length > DescriptorLimits.TextLength)
        {
            diagnostics.Add(BloomRules.LimitExceeded.At(new SourceLocation(1, 1, ""), $"the descriptor holds {text.Length} characters; at most {DescriptorLimits.TextLength} are accepted"));
            return null;
        }

        // A byte order mark is not part of the text. An unpaired surrogate becomes U+FFFD, which keeps its column.
        int start = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;
        byte[] utf8 = Encoding.UTF8.GetBytes(start == 0 ? text : text.Substring(1));
        var parser = new JsonSyntaxParser(utf8, diagnostics);
        try
        {
            return parser.ParseDocument();
        }
        catch (JsonException error)
        {
            parser.ReportMalformed(error);
            return null;
        }
    }

    private JsonValue? ParseDocument()
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 4 * DescriptorLimits.Nesting };
        var reader = new Utf8JsonReader(_utf8, options);
        reader.Read();
        JsonValue root = ParseValue(ref reader, depth: 1);

        // Reading to the end finds what stands after the root.
        while (!_stopped && reader.Read())
        {
        }

        return _stopped ? null : root;
    }

    private JsonValue ParseValue(ref Utf8JsonReader reader, int depth)
    {
        (int line, int column) = _cursor.MoveTo(checked((int)reader.TokenStartIndex));
        JsonTokenType kind = reader.TokenType;
        if (kind is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return new JsonValue(kind, line, column) { Utf8 = ContentOf(ref reader, line, column) };
        if (depth > DescriptorLimits.Nesting)
        {
            Stop(BloomRules.LimitExceeded, line, column, $"values are nested more than {DescriptorLimits.Nesting} deep: a descriptor needs 4");
            return new JsonValue(kind, line, column);
        }

        return kind == JsonTokenType.StartObject
            ? new JsonValue(kind, line, column) { Properties = ParseProperties(ref reader, depth) }
            : new JsonValue(kind, line, column) { Items = ParseItems(ref reader, depth) };
    }

    private List<JsonValue> ParseItems(ref Utf8JsonReader reader, int depth)
    {
        var items = new List<JsonValue>();
        while (!_stopped && reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ParseValue(ref reader, depth + 1));
        return items;
    }

    private List<JsonProperty> ParseProperties(ref Utf8JsonReader reader, int depth)
    {
        var properties = new List<JsonProperty>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!_stopped && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            (int line, int column) = _cursor.MoveTo(checked((int)reader.TokenStartIndex));
            string name = Encoding.UTF8.GetString(ContentOf(ref reader, line, column).ToArray());
            reader.Read();
            JsonValue value = ParseValue(ref reader, depth + 1);
            if (names.Add(name)) properties.Add(new JsonProperty(name, line, column, value));
            else _diagnostics.Add(BloomRules.InvalidProperty.At(new SourceLocation(line, column, ""), $"the property {Quoted.Name(name)} stands twice in one object: remove one"));
        }

        return properties;
    }

    // Strings without escapes, the usual case and all weight data, are not copied.
    private ReadOnlyMemory<byte> ContentOf(ref Utf8JsonReader reader, int line, int column)
    {
        int start = checked((int)reader.TokenStartIndex), length = reader.ValueSpan.Length;
        if (reader.TokenType == JsonTokenType.Number) return _utf8.AsMemory(start, length);
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) return default;
        if (reader.ValueSpan.IndexOf((byte)'\\') < 0) return _utf8.AsMemory(start + 1, length);
        try
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            Stop(BloomRules.MalformedJson, line, column, "a string holds a \\u escape of half a character (an unpaired surrogate): write both halves or remove it");
            return default;
        }
    }

    private void Stop(BloomRule rule, int line, int column, string message)
    {
        if (_stopped) return;
        _stopped = true;
        _diagnostics.Add(rule.At(new SourceLocation(line, column, ""), message));
    }

    // The parser of the framework counts lines by \n and columns in bytes, both from 0; its text ends with the position.
    private void ReportMalformed(JsonException error)
    {
        int offset = 0;
        for (long line = error.LineNumber ?? 0; line > 0 && offset < _utf8.Length; offset++)
            if (_utf8[offset] == '\n') line--;
        offset = (int)Math.Min(_utf8.Length, offset + (error.BytePositionInLine ?? 0));
        (int place, int column) = new TextCursor(_utf8).MoveTo(offset);

        int position = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = position < 0 ? error.Message : error.Message.Substring(0, position);
        string shown = Quoted.Name(reason).Trim('\'');
        string remedy = _utf8.Length == 0 ? "the file is empty" : offset >= _utf8.Length ? "the file ends too early; was it cut off?" : "correct the text here";
        _diagnostics.Add(BloomRules.MalformedJson.At(new SourceLocation(place, column, ""), $"not well-formed JSON: {remedy} ({shown})"));
    }
}

using System.Text.Json;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>The weights of a descriptor by name. Nodes that name the same weight share one tensor.</summary>
internal sealed class WeightTable
{
    private static readonly string[] Properties = ["name", "type", "shape", "data"];
    private static readonly string[] Types = ["bits", "float32"];

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly DiagnosticBag _diagnostics;
    private long _bytes;

    private WeightTable(DiagnosticBag diagnostics) => _diagnostics = diagnostics;

    /// <summary>Reads the array <c>weights</c>.</summary>
    public static WeightTable Read(IReadOnlyList<JsonValue> elements, DiagnosticBag diagnostics)
    {
        var table = new WeightTable(diagnostics);
        foreach (JsonValue element in elements)
            if (ObjectReader.Open(element, "a weight", diagnostics) is { } weight) table.Add(weight);
        return table;
    }

    /// <summary>The float weight that <paramref name="reference"/> names, or null; what is wrong is reported.</summary>
    public FloatTensor? FindFloat(JsonValue reference, string property, ObjectReader node) => Find(reference, property, node, "float32")?.Floats;

    /// <summary>The one-bit weight that <paramref name="reference"/> names, or null; what is wrong is reported.</summary>
    public BitTensor? FindBits(JsonValue reference, string property, ObjectReader node) => Find(reference, property, node, "bits")?.Bits;

    /// <summary>Reports weights that no node names: they would be lost when the descriptor is written again.</summary>
    public void RejectUnused()
    {
        foreach (KeyValuePair<string, Entry> entry in _entries.Where(e => !e.Value.IsUsed))
            _diagnostics.Add(BloomRules.InvalidProperty.At(entry.Value.Location, $"no node uses the weight {Quoted.Name(entry.Key)}: remove it or name it in a node"));
    }

    private Entry? Find(JsonValue reference, string property, ObjectReader node, string type)
    {
        if (node.NameOf(reference, $"'{property}'") is not { } name) return null;
        if (!_entries.TryGetValue(name, out Entry entry))
        {
            node.Fail(BloomRules.UnknownReference, node.At(reference), $"there is no weight {Quoted.Name(name)}{node.Suggest(name, _entries.Keys)}");
            return null;
        }

        entry.IsUsed = true;
        if (entry.Type is not null && entry.Type != type)
            node.Fail(BloomRules.InvalidProperty, node.At(reference), $"'{property}' needs a weight of type {type}, but {Quoted.Name(name)} is {entry.Type}");
        else if (entry.Floats is null && entry.Bits is null)
            node.MarkFailed();
        return entry;
    }

    // A weight with errors keeps its place in the table, so that nodes that name it are not reported as well.
    private void Add(ObjectReader weight)
    {
        weight.RejectUnknown(Properties);
        string? name = weight.Name("name", "the name that nodes use"), type = ReadType(weight);
        int[]? shape = ReadShape(weight, type);
        if (name is null) return;
        var entry = new Entry(weight.Location) { Type = type };
        if (_entries.ContainsKey(name)) weight.Fail(BloomRules.DuplicateName, weight.Location, $"two weights are called {Quoted.Name(name)}: rename one");
        else _entries.Add(name, entry);

        if (weight.Require("data", "base64 text") is not { } data || type is null || shape is null) return;
        if (Decode(weight, data, type, shape) is not { } bytes) return;
        if (type == "bits") entry.Bits = MakeBits(weight, data, name, shape, bytes);
        else entry.Floats = MakeFloats(weight, data, name, shape, bytes);
    }

    private static string? ReadType(ObjectReader weight)
    {
        if (weight.Require("type", "\"bits\" or \"float32\"") is not { } value) return null;
        if (value.Kind == JsonTokenType.String && value.Utf8.Length < 16 && Types.Contains(value.Text)) return value.Text;
        weight.Fail(BloomRules.InvalidProperty, weight.At(value), $"'type' must be \"bits\" or \"float32\", not {value.Shown}");
        return null;
    }

    private static int[]? ReadShape(ObjectReader weight, string? type)
    {
        if (weight.Items("shape", "dimensions, outermost first") is not { } items) return null;
        JsonValue place = weight.Find("shape")!;
        if (items.Count is 0 or > DescriptorLimits.Rank || (type == "bits" && items.Count != 4))
        {
            string wanted = type == "bits" ? "4 dimensions (output channels, input channels a group, height, width)" : $"1 to {DescriptorLimits.Rank} dimensions";
            weight.Fail(BloomRules.InvalidWeight, weight.At(place), FormattableString.Invariant($"'shape' must hold {wanted}, not {items.Count}"));
            return null;
        }

        int?[] shape = [.. items.Select(i => weight.IntegerOf(i, "a dimension", 1, DescriptorLimits.Channels))];
        return shape.Any(d => d is null) ? null : [.. shape.Select(d => d!.Value)];
    }

    // Sizes are multiplied with care and compared with the text's length before anything is allocated.
    private byte[]? Decode(ObjectReader weight, JsonValue data, string type, int[] shape)
    {
        long perOutput = 1, outputs = shape[0], most = DescriptorLimits.WeightBytes;
        foreach (int dimension in shape.Skip(1)) perOutput = Math.Min(perOutput * dimension, 16 * most);
        long bytes = outputs * (type == "bits" ? (perOutput + 7) / 8 : sizeof(float) * perOutput);
        string size = string.Join(" x ", shape.Select(JsonText.Integer));
        if (bytes > most)
        {
            weight.Fail(BloomRules.LimitExceeded, weight.Location, $"a {type} weight of {size} is larger than the {most >> 20} MiB that a descriptor may hold");
            return null;
        }

        if (data.Kind != JsonTokenType.String)
        {
            weight.Fail(BloomRules.InvalidProperty, weight.At(data), $"'data' must be a string of base64, not {data.Shown}");
            return null;
        }

        long wanted = WeightData.EncodedLength(bytes);
        if (data.Utf8.Length != wanted)
        {
            weight.Fail(BloomRules.InvalidWeight, weight.At(data), FormattableString.Invariant($"'data' has {data.Utf8.Length} characters, but {type} of {size} takes {wanted} ({bytes} bytes in base64): correct the shape or the data"));
            return null;
        }

        if ((_bytes += bytes) > most)
        {
            weight.Fail(BloomRules.LimitExceeded, weight.Location, $"the weights together are larger than the {most >> 20} MiB that a descriptor may hold");
            return null;
        }

        if (WeightData.TryDecode(data.Utf8.Span, (int)bytes, out byte[] decoded)) return decoded;
        weight.Fail(BloomRules.InvalidWeight, weight.At(data), "'data' is not base64: letters, digits, + and /, padded with =, without white space");
        return null;
    }

    private static FloatTensor? MakeFloats(ObjectReader weight, JsonValue data, string name, int[] shape, byte[] bytes)
    {
        float[] values = WeightData.ToFloats(bytes);
        int bad = Array.FindIndex(values, v => float.IsNaN(v) || float.IsInfinity(v));
        if (bad < 0) return new FloatTensor(name, shape.ToEquatableArray(), EquatableArray.Adopt(values));
        weight.Fail(BloomRules.InvalidWeight, weight.At(data), FormattableString.Invariant($"value {bad} is {(float.IsNaN(values[bad]) ? "NaN" : "infinite")}: weights must be finite; was the training run stable?"));
        return null;
    }

    private static BitTensor? MakeBits(ObjectReader weight, JsonValue data, string name, int[] shape, byte[] bytes)
    {
        int bits = (int)((long)shape[1] * shape[2] * shape[3]), perOutput = WeightData.BytesPerOutput(bits), used = ((bits - 1) & 7) + 1;
        for (int output = 0; output < shape[0]; output++)
        {
            if (bytes[(output * perOutput) + perOutput - 1] >> used == 0) continue;
            weight.Fail(BloomRules.InvalidWeight, weight.At(data), FormattableString.Invariant($"the bits after the last weight of output channel {output} are not 0: a channel holds {bits} bits and then zeros to the end of its byte"));
            return null;
        }

        return new BitTensor(name, shape.ToEquatableArray(), EquatableArray.Adopt(WeightData.ToWords(bytes, shape[0], bits)));
    }

    private sealed class Entry(SourceLocation location)
    {
        public SourceLocation Location { get; } = location;

        public string? Type { get; init; }

        public FloatTensor? Floats { get; set; }

        public BitTensor? Bits { get; set; }

        public bool IsUsed { get; set; }
    }
}

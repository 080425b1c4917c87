using System.Globalization;
using System.Text.Json;

namespace Bitloom.Arrays.Safetensors;

/// <summary>Parses and checks the JSON header: every size is compared with the file's before anything is allocated for it.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The entries in the order of their data, none overlapping another, all inside <paramref name="dataLength"/> bytes.</summary>
    public static IReadOnlyList<SafetensorsEntry> Parse(byte[] json, long dataLength, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Invalid(file, "the header is not a JSON object");
            var names = new HashSet<string>(StringComparer.Ordinal);
            var entries = new List<SafetensorsEntry>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__") continue;
                string name = ArrayText.Shown(property.Name);
                if (!names.Add(property.Name)) throw Invalid(file, $"two tensors are called '{name}'");
                entries.Add(ParseEntry(property, dataLength, $"{file}: tensor '{name}'"));
            }

            entries.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
            for (int i = 1; i < entries.Count; i++)
                if (entries[i].Start < entries[i - 1].End) throw Invalid(file, $"the data of '{ArrayText.Shown(entries[i - 1].Name)}' and '{ArrayText.Shown(entries[i].Name)}' overlap");
            return entries;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArrayFormatException($"{file}: the header is not well-formed JSON; is this a safetensors file? Save it again", error);
        }
    }

    private static SafetensorsEntry ParseEntry(JsonProperty property, long dataLength, string where)
    {
        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shape) || !value.TryGetProperty("data_offsets", out JsonElement offsets))
            throw Invalid(where, "the header must give dtype, shape and data_offsets");

        string typeName = type.GetString()!;
        ElementType elementType = ElementType.Find(typeName)
            ?? throw new ArrayFormatException($"{where}: the type {ArrayText.Shown(typeName)} is not supported; save it as one of {string.Join(", ", ElementType.All.Select(t => t.Name))}");
        long[] dimensions = Integers(shape, where, "shape"), range = Integers(offsets, where, "data_offsets");
        if (dimensions.Length > NumericArray.MaximumRank) throw Invalid(where, $"it has {dimensions.Length} dimensions; at most {NumericArray.MaximumRank} are accepted");
        if (range.Length != 2 || range[0] > range[1] || range[1] > dataLength)
            throw Invalid(where, Invariant($"data_offsets [{string.Join(", ", range)}] do not lie within the file's {dataLength} bytes of data"));

        long elements = 1;
        foreach (long dimension in dimensions)
        {
            if (dimension > int.MaxValue || (elements *= dimension) > Array.MaxLength) throw Invalid(where, $"its shape [{string.Join(", ", dimensions)}] is too large");
        }

        if (elements * elementType.Size != range[1] - range[0])
            throw Invalid(where, Invariant($"{typeName} of shape [{string.Join(", ", dimensions)}] takes {elements * elementType.Size} bytes, but data_offsets span {range[1] - range[0]}"));
        return new SafetensorsEntry(property.Name, elementType, [.. dimensions.Select(d => (int)d)], range[0], (int)elements);
    }

    private static long[] Integers(JsonElement array, string where, string what)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > 64) throw Invalid(where, $"{what} must be a short array of whole numbers");
        return [.. array.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out long number) && number >= 0
            ? number : throw Invalid(where, $"{what} must hold whole numbers of 0 or more"))];
    }

    private static ArrayFormatException Invalid(string where, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{where}: {what}; the file is damaged, so save it again"));
}

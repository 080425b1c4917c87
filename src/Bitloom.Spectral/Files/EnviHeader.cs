using System.Globalization;
using Bitloom.Arrays;

namespace Bitloom.Spectral.Files;

/// <summary>What an ENVI header says of the data file beside it.</summary>
/// <param name="Bands">Spectral bands.</param>
/// <param name="Height">Rows, called lines.</param>
/// <param name="Width">Pixels a row, called samples.</param>
/// <param name="Offset">Bytes of the data file before the first value.</param>
/// <param name="Type">How a value is stored.</param>
/// <param name="IsBigEndian">Whether the first byte of a value is its most significant.</param>
/// <param name="Order">One of the constants of <see cref="Interleave"/>.</param>
/// <param name="Wavelengths">Centres of the bands in nm; null where the header has none or no unit that is a length.</param>
internal sealed record EnviHeader(int Bands, int Height, int Width, long Offset, ElementType Type, bool IsBigEndian, string Order, IReadOnlyList<double>? Wavelengths)
{
    private static readonly Dictionary<string, ElementType> Types = new(StringComparer.Ordinal)
    {
        ["1"] = ElementType.U8,
        ["2"] = ElementType.I16,
        ["3"] = ElementType.I32,
        ["4"] = ElementType.F32,
        ["5"] = ElementType.F64,
        ["12"] = ElementType.U16,
        ["13"] = ElementType.U32,
        ["14"] = ElementType.I64,
        ["15"] = ElementType.U64,
    };

    /// <summary>Parses a header: the word ENVI, then lines <c>key = value</c>; a value in braces may take several lines.</summary>
    /// <exception cref="ArrayFormatException">It is no such text, or a field is missing or out of range.</exception>
    internal static EnviHeader Parse(string text, string where)
    {
        Dictionary<string, string> fields = ReadFields(text, where);
        int width = Number(fields, "samples", where), height = Number(fields, "lines", where), bands = Number(fields, "bands", where);
        ArrayData.Count([bands, height, width], NumericArray.DefaultMaximumValues, where);
        string type = Field(fields, "data type", where), order = Field(fields, "interleave", where).ToLowerInvariant();
        if (!Types.TryGetValue(type, out ElementType? element))
            throw new ArrayFormatException($"{where}: data type {ArrayText.Shown(type)} is not read; save one of {string.Join(", ", Types.Keys)} (4 is fp32)");
        if (order is not (Interleave.BandSequential or Interleave.ByLine or Interleave.ByPixel))
            throw new ArrayFormatException($"{where}: interleave {ArrayText.Shown(order)} is not known; it must be bsq, bil or bip");
        string byteOrder = fields.GetValueOrDefault("byte order", "0");
        if (byteOrder is not ("0" or "1")) throw new ArrayFormatException($"{where}: byte order {ArrayText.Shown(byteOrder)} is not known; it must be 0 or 1");
        long offset = fields.ContainsKey("header offset") ? Number(fields, "header offset", where, least: 0) : 0;
        return new EnviHeader(bands, height, width, offset, element, byteOrder == "1", order, ReadWavelengths(fields, bands, where));
    }

    private static Dictionary<string, string> ReadFields(string text, string where)
    {
        if (!text.TrimStart('\uFEFF').StartsWith("ENVI", StringComparison.Ordinal)) throw new ArrayFormatException($"{where}: it does not start with ENVI; give the header of an ENVI file");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        int position = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        while (position > 0 && position < text.Length)
        {
            int end = text.IndexOf('\n', position), equals = text.IndexOf('=', position);
            if (end < 0) end = text.Length;
            if (equals < 0 || equals > end)
            {
                // An empty line, or a comment.
                position = end + 1;
                continue;
            }

            string key = string.Join(' ', text[position..equals].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
            string value = text[(equals + 1)..end].Trim();
            if (value.StartsWith('{'))
            {
                int open = text.IndexOf('{', equals), close = text.IndexOf('}', open);
                if (close < 0) throw new ArrayFormatException($"{where}: the braces of '{ArrayText.Shown(key)}' are not closed; the header is damaged, so save it again");
                value = text[(open + 1)..close];
                end = text.IndexOf('\n', close);
                if (end < 0) end = text.Length;
            }

            fields[key] = value;
            position = end + 1;
        }

        return fields;
    }

    private static IReadOnlyList<double>? ReadWavelengths(Dictionary<string, string> fields, int bands, string where)
    {
        if (!fields.TryGetValue("wavelength", out string? list)) return null;
        double scale = fields.GetValueOrDefault("wavelength units", "nanometers").ToLowerInvariant() switch
        {
            "nanometers" or "nm" => 1,
            "micrometers" or "microns" or "um" => 1000,
            _ => 0,
        };
        if (scale == 0) return null;
        string[] texts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        double[] wavelengths = [.. texts.Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value * scale
            : throw new ArrayFormatException($"{where}: the wavelength '{ArrayText.Shown(t)}' is no number; correct the header"))];
        if (wavelengths.Length != bands) throw new ArrayFormatException(Invariant($"{where}: it has {wavelengths.Length} wavelengths for {bands} bands; correct the header"));
        if (wavelengths.Zip(wavelengths.Skip(1)).Any(pair => pair.First >= pair.Second)) throw new ArrayFormatException($"{where}: its wavelengths do not ascend; sort the bands");
        return wavelengths;
    }

    private static string Field(Dictionary<string, string> fields, string name, string where) => fields.TryGetValue(name, out string? value) ? value
        : throw new ArrayFormatException($"{where}: the field '{name}' is missing; add it to the header");

    private static int Number(Dictionary<string, string> fields, string name, string where, int least = 1) =>
        int.TryParse(Field(fields, name, where), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArrayFormatException(Invariant($"{where}: '{name}' is '{ArrayText.Shown(fields[name])}' and must be a whole number of {least} or more; correct the header"));
}

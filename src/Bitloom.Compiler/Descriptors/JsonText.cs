using System.Globalization;
using System.Text;

namespace Bitloom.Compiler.Descriptors;

/// <summary>JSON text of single values, the same bytes on every framework and in every culture.</summary>
internal static class JsonText
{
    public static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Integers(IReadOnlyList<int> values) => "[" + string.Join(", ", values.Select(Integer)) + "]";

    /// <summary>One number where all are equal, else an array.</summary>
    public static string OneOrAll(params int[] values) => values.All(v => v == values[0]) ? Integer(values[0]) : Integers(values);

    /// <summary>A string in quotes. Only what JSON demands is escaped, and the two line separators that editors break lines at.</summary>
    /// <exception cref="ArgumentException">The text holds half a character (an unpaired surrogate).</exception>
    public static string String(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool pair = char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]);
            if (char.IsSurrogate(c) && !pair) throw new ArgumentException("text with an unpaired surrogate cannot be written in a descriptor", nameof(value));
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ' || c is '\u007F' or '\u0085' or '\u2028' or '\u2029') text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
            if (pair) text.Append(value[++i]);
        }

        return text.Append('"').ToString();
    }
}

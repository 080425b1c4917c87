using System.Globalization;

namespace Bitloom.Compiler.Descriptors;

/// <summary>Single-precision numbers as text that reads back to the same bits, alike in every culture and on every framework.</summary>
internal static class NumberText
{
    /// <summary>
    /// The shortest of 6 to 9 significant digits that reads back to the same bits. "R" is avoided: the .NET Framework, where the
    /// compiler may be hosted, writes -0 as 0 and other digits than .NET does.
    /// </summary>
    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public static string Format(float value)
    {
        if (float.IsNaN(value) || float.IsInfinity(value)) throw new ArgumentException($"{value.ToString(CultureInfo.InvariantCulture)} cannot be written in a descriptor: numbers are finite", nameof(value));
        if (value == 0) return 1 / value < 0 ? "-0" : "0";
        for (int digits = 6; digits < 9; digits++)
        {
            string text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (TryParse(text, out float back) && back == value) return text;
        }

        return value.ToString("G9", CultureInfo.InvariantCulture);
    }

    /// <summary>A finite number; false for anything else, and for what overflows.</summary>
    public static bool TryParse(string text, out float value)
    {
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return false;
        if (value == 0 && text.StartsWith("-", StringComparison.Ordinal)) value = -0f;
        return !float.IsNaN(value) && !float.IsInfinity(value);
    }
}

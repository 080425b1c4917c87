using System.Globalization;

namespace Bitloom.Benchmarks.Reports;

/// <summary>Numbers as the tables show them: three figures are all that a measurement is good for.</summary>
internal static class Figure
{
    /// <summary>A time, without its unit.</summary>
    internal static string Time(double value) => Show(value);

    /// <summary>How many times.</summary>
    internal static string Ratio(double value) => Show(value) + "x";

    // Decimals are chosen after rounding to three figures, so that 9.999 is 10.0 and not 10.00.
    private static string Show(double value)
    {
        double magnitude = Math.Abs(value);
        string format = magnitude < 9.995 ? "0.00" : magnitude < 99.95 ? "0.0" : "0";
        if (magnitude < 0.9995) format = "0.000";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}

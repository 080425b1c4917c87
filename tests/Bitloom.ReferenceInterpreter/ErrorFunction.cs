namespace Bitloom.ReferenceInterpreter;

/// <summary>The error function by its series and, for large arguments, its continued fraction (Abramowitz and Stegun 7.1.6, 7.1.14).</summary>
internal static class ErrorFunction
{
    /// <summary><c>2 / sqrt(pi)</c> times the integral of <c>exp(-t * t)</c> from 0 to <paramref name="x"/>, to about 1e-15.</summary>
    internal static double Erf(double x)
    {
        double size = Math.Abs(x);
        return Math.CopySign(size < 3 ? Series(size) : size > 6 ? 1 : 1 - Complement(size), x);
    }

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++) sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double Complement(double x)
    {
        double fraction = x;
        for (int n = 60; n > 0; n--) fraction = x + (n / 2.0 / fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}

using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Activations that take more than a few operations, as methods of a kernel file. Every operation is rounded by itself, so that all widths
/// give the same bits. Relative error of <c>Exp</c> below 3e-7 (range reduction and polynomial of Moshier's Cephes, expf); absolute
/// error of <c>Gelu</c> below 4e-7 |x| (Abramowitz and Stegun, 7.1.26).
/// </summary>
internal static class ActivationMethods
{
    private const string Clip = """
        /// <summary>min(max(x, least), most).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Floats Clip(Floats x, float least, float most)
        {
            x = Vec.ConditionalSelect(Vec.GreaterThan(x, Vec.Create(least)), x, Vec.Create(least));
            return Vec.ConditionalSelect(Vec.LessThan(x, Vec.Create(most)), x, Vec.Create(most));
        }
        """;

    private const string Exp = """
        /// <summary>e to the x: 2^n times a polynomial of the rest; x beyond 87 counts as 87.</summary>
        private static Floats Exp(Floats x)
        {
            // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
            Floats shift = Vec.Create(12582912f), shifted = (Clip(x, -87f, 87f) * Vec.Create(1.44269504f)) + shift, n = shifted - shift;
            Floats rest = (Clip(x, -87f, 87f) - (n * Vec.Create(0.693359375f))) + (n * Vec.Create(2.12194440e-4f));
            Floats series = (Vec.Create(1.9875691500e-4f) * rest) + Vec.Create(1.3981999507e-3f);
            series = (series * rest) + Vec.Create(8.3334519073e-3f);
            series = (series * rest) + Vec.Create(4.1665795894e-2f);
            series = (series * rest) + Vec.Create(1.6666665459e-1f);
            series = (series * rest) + Vec.Create(5.0000001201e-1f);
            series = (series * (rest * rest)) + rest + Vec.Create(1f);
            return (series.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
        }
        """;

    private const string Sigmoid = """
        /// <summary>1 / (1 + exp(-x)).</summary>
        private static Floats Sigmoid(Floats x) => Vec.Create(1f) / (Vec.Create(1f) + Exp(-x));
        """;

    private const string Gelu = """
        /// <summary>x / 2 * (1 + erf(x / sqrt(2))).</summary>
        private static Floats Gelu(Floats x)
        {
            Floats z = Vec.Abs(x) * Vec.Create(0.707106781f), t = Vec.Create(1f) / (Vec.Create(1f) + (Vec.Create(0.3275911f) * z));
            Floats series = (Vec.Create(1.061405429f) * t) - Vec.Create(1.453152027f);
            series = (series * t) + Vec.Create(1.421413741f);
            series = (series * t) - Vec.Create(0.284496736f);
            series = (series * t) + Vec.Create(0.254829592f);
            Floats rest = series * t * Exp(-(z * z)), half = Vec.Create(0.5f) * x;
            return Vec.ConditionalSelect(Vec.GreaterThanOrEqual(x, Floats.Zero), half * (Vec.Create(2f) - rest), half * rest);
        }
        """;

    /// <summary>The methods that a plan's epilogues call.</summary>
    internal static IEnumerable<string> For(Plan plan)
    {
        EpilogueOperation[] operations = [.. plan.Steps.OfType<FlatStep>().SelectMany(s => s.Epilogue.Operations)];
        bool sigmoid = operations.Any(o => o is SigmoidOperation), gelu = operations.Any(o => o is GeluOperation), exp = sigmoid || gelu;
        if (exp || operations.Any(o => o is ClipOperation or HardSigmoidOperation)) yield return Clip;
        if (exp) yield return Exp;
        if (sigmoid) yield return Sigmoid;
        if (gelu) yield return Gelu;
    }
}

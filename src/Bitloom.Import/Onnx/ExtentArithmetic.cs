using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>Arithmetic on sizes: exact, or null where the result is not the same sum of floors for every size.</summary>
internal static class ExtentArithmetic
{
    // Factors tried when one size is divided by another.
    private const int LargestFactor = 64;

    // Divisions nest, and what handles extents recurses; real networks divide a handful of times.
    private const int Deepest = 64;

    /// <summary>True for sizes computed by more steps than the compiler takes.</summary>
    internal static bool IsDeep(Extent extent)
    {
        int depth = 0;
        for (; extent is DerivedExtent derived && depth <= Deepest; depth++) extent = derived.Of;
        return depth > Deepest;
    }

    internal static Extent? Compute(string @operator, Extent a, Extent b, bool isReal)
    {
        if (IsDeep(a) || IsDeep(b) || (a.FreeSymbol is { } symbol && b.FreeSymbol is { } other && symbol != other)) return null;
        return @operator switch
        {
            "Add" => Simplest(SizeSum.Of(a).Plus(SizeSum.Of(b))),
            "Sub" => Simplest(SizeSum.Of(a).Plus(SizeSum.Of(b).Multiply(-1))),
            "Mul" => Times(a, b) ?? Times(b, a),
            "Div" => Over(a, b, isReal),
            "Mod" => Modulo(a, b),
            "Min" or "Max" => Extreme(a, b, @operator == "Max"),
            "Equal" => AreEqual(a, b) ? Whether(true) : SizeSum.Of(a).Plus(SizeSum.Of(b).Multiply(-1)) is { Terms.Count: 0 } ? Whether(false) : null,
            "Greater" => Exceeds(a, b) is { } more ? Whether(more) : null,
            "Less" => Exceeds(b, a) is { } less ? Whether(less) : null,
            "GreaterOrEqual" => Exceeds(b, a) is { } fewer ? Whether(!fewer) : null,
            "LessOrEqual" => Exceeds(a, b) is { } larger ? Whether(!larger) : null,
            "And" => (a, b) is (ConstantExtent x, ConstantExtent y) ? Whether(x.Value != 0 && y.Value != 0) : null,
            "Or" => (a, b) is (ConstantExtent x, ConstantExtent y) ? Whether(x.Value != 0 || y.Value != 0) : null,
            _ => null,
        };
    }

    /// <summary>True where two sizes are equal for every free size.</summary>
    internal static bool AreEqual(Extent a, Extent b) => a == b || (!IsDeep(a) && !IsDeep(b) && SizeSum.Of(a) == SizeSum.Of(b));

    /// <summary>The constant by which <paramref name="a"/> is larger than <paramref name="b"/> at every size, or null.</summary>
    internal static int? Difference(Extent a, Extent b) =>
        IsDeep(a) || IsDeep(b) ? null : SizeSum.Of(a).Plus(SizeSum.Of(b).Multiply(-1)) is { Terms.Count: 0, Rest: var constant } ? constant : null;

    /// <summary>The whole number that <paramref name="size"/> is a multiple of <paramref name="unit"/> by, or null.</summary>
    internal static int? Ratio(Extent size, Extent unit)
    {
        if (size is ConstantExtent a && unit is ConstantExtent b) return b.Value > 0 && a.Value > 0 && a.Value % b.Value == 0 ? a.Value / b.Value : null;
        if (size is ConstantExtent || unit is ConstantExtent || IsDeep(size) || IsDeep(unit)) return null;
        for (int factor = 1; factor <= LargestFactor; factor++)
            if (SizeSum.Of(unit).Multiply(factor) == SizeSum.Of(size)) return factor;
        return null;
    }

    // Sums that are a constant or one extent are told as such.
    private static Extent Simplest(SizeSum sum) => sum switch
    {
        { Terms.Count: 0 } => Extent.Constant(sum.Rest),
        { Terms: [{ Factor: > 0 } only] } => only.Of.Derive(only.Factor, sum.Rest, 1),
        _ => sum,
    };

    private static Extent? Times(Extent a, Extent b) => b is ConstantExtent c ? Simplest(SizeSum.Of(a).Multiply(c.Value)) : null;

    // ONNX divides whole numbers towards zero, which is the floor for what is not negative; sizes are not, but a sum may be. Real
    // numbers keep their fraction, so only exact quotients are whole.
    private static Extent? Over(Extent a, Extent b, bool isReal)
    {
        if (b is not ConstantExtent divisor) return Ratio(a, b) is { } ratio ? Extent.Constant(ratio) : null;
        if (divisor.Value <= 0) return null;
        if (a is ConstantExtent constant) return !isReal || constant.Value % divisor.Value == 0 ? Extent.Constant(constant.Value / divisor.Value) : null;
        SizeSum sum = SizeSum.Of(a);
        if (sum.DividedBy(divisor.Value) is not { } quotient) return null;
        bool isExact = quotient.Multiply(divisor.Value) == sum;
        return isExact || (!isReal && sum.Rest >= 0 && sum.Terms.All(t => t.Factor > 0)) ? Simplest(quotient) : null;
    }

    // The remainder has the divisor's sign, as in Python. What is a multiple of the divisor leaves none.
    private static Extent? Modulo(Extent a, Extent b)
    {
        if (b is not ConstantExtent { Value: > 0 } divisor) return null;
        SizeSum sum = SizeSum.Of(a);
        var rest = new SizeSum(sum.Terms.Where(t => t.Factor % divisor.Value != 0).ToEquatableArray(), SizeSum.FloorRemainder(sum.Rest, divisor.Value));
        return rest.DividedBy(divisor.Value) is { } quotient ? Simplest(rest.Plus(quotient.Multiply(-divisor.Value))) : null;
    }

    private static bool? Exceeds(Extent a, Extent b) => Difference(a, b) is { } difference ? difference > 0 : null;

    private static Extent? Extreme(Extent a, Extent b, bool isMaximum) => Difference(a, b) is { } difference ? (difference > 0) == isMaximum ? a : b : null;

    private static ConstantExtent Whether(bool condition) => new(condition ? 1 : 0);
}

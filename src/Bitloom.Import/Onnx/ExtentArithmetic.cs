using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>Arithmetic on sizes: exact, or null where the result is no chain of <c>floor((e * m + o) / d)</c>.</summary>
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

    internal static Extent? Compute(string @operator, Extent a, Extent b, bool isReal) => IsDeep(a) || IsDeep(b) ? null : @operator switch
    {
        "Add" => Plus(a, b) ?? Plus(b, a),
        "Sub" => a == b ? Extent.Constant(0) : b is ConstantExtent { Value: > int.MinValue } c ? a.Derive(1, -c.Value, 1) : null,
        "Mul" => Times(a, b) ?? Times(b, a),
        "Div" => Over(a, b, isReal),
        "Mod" => Modulo(a, b),
        "Equal" => a == b ? Extent.Constant(1) : a is ConstantExtent && b is ConstantExtent ? Extent.Constant(0) : null,
        _ => null,
    };

    /// <summary>The whole number that <paramref name="size"/> is a multiple of <paramref name="unit"/> by, or null.</summary>
    internal static int? Ratio(Extent size, Extent unit)
    {
        if (size is ConstantExtent a && unit is ConstantExtent b) return b.Value > 0 && a.Value > 0 && a.Value % b.Value == 0 ? a.Value / b.Value : null;
        for (int factor = 1; factor <= LargestFactor; factor++)
            if (unit.Times(factor) == size) return factor;
        return null;
    }

    private static Extent? Plus(Extent a, Extent b) => b is ConstantExtent c ? a.Derive(1, c.Value, 1) : null;

    private static Extent? Times(Extent a, Extent b) => b is ConstantExtent c && (c.Value > 0 || a is ConstantExtent) ? a.Derive(c.Value, 0, 1) : null;

    // ONNX divides whole numbers towards zero, which is the floor for what is not negative; sizes are not. Real numbers keep their
    // fraction, so only exact quotients are whole.
    private static Extent? Over(Extent a, Extent b, bool isReal)
    {
        if (b is not ConstantExtent divisor) return Ratio(a, b) is { } ratio ? Extent.Constant(ratio) : null;
        if (divisor.Value <= 0) return null;
        if (a is ConstantExtent constant) return !isReal || constant.Value % divisor.Value == 0 ? Extent.Constant(constant.Value / divisor.Value) : null;
        Extent quotient = a.Derive(1, 0, divisor.Value);
        if (!isReal) return quotient;
        if (a is DerivedExtent { Divisor: 1 } multiple && multiple.Multiplier % divisor.Value == 0 && multiple.Offset % divisor.Value == 0)
            return multiple.Of.Derive(multiple.Multiplier / divisor.Value, multiple.Offset / divisor.Value, 1);
        return divisor.Value == 1 ? a : null;
    }

    private static Extent? Modulo(Extent a, Extent b) =>
        a is ConstantExtent x && b is ConstantExtent { Value: > 0 } y ? Extent.Constant(((x.Value % y.Value) + y.Value) % y.Value) : null;
}

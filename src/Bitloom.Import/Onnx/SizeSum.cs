using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>
/// <c>Rest + sum of Factor * Of</c>: whole numbers that exporters compute from one free size and that are no single chain of
/// divisions, such as <c>-height % 8</c>, which is <c>8 * floor((height + 7) / 8) - height</c>. Equal functions get equal form, so that
/// such numbers can be compared; the sizes of images in a network are never sums.
/// </summary>
/// <param name="Terms">Sorted by their text; every extent is a symbol or a floor of one, whose offset lies between 0 and its divisor.</param>
/// <param name="Rest">What is added.</param>
internal sealed record SizeSum(EquatableArray<SizeTerm> Terms, int Rest) : Extent
{
    /// <inheritdoc/>
    public override string? FreeSymbol => Terms.Count == 0 ? null : Terms[0].Of.FreeSymbol;

    /// <inheritdoc/>
    public override int Evaluate(IReadOnlyDictionary<string, int> sizes) => checked(Rest + Terms.Sum(t => t.Factor * t.Of.Evaluate(sizes)));

    /// <inheritdoc/>
    public override string ToCSharp() =>
        "(" + string.Join(" + ", Terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Factor} * {t.Of}")).Append(Rest.ToString(CultureInfo.InvariantCulture))) + ")";

    /// <summary>An extent in normal form.</summary>
    internal static SizeSum Of(Extent extent)
    {
        if (extent is SizeSum sum) return sum;
        if (extent is ConstantExtent constant) return new SizeSum([], constant.Value);
        if (extent is not DerivedExtent derived) return new SizeSum([new SizeTerm(1, extent)], 0);
        SizeSum scaled = Of(derived.Of).Multiply(derived.Multiplier).Plus(new SizeSum([], derived.Offset));

        // Shapes are chains over one symbol, so that what is divided has one term at most.
        return scaled.DividedBy(derived.Divisor) ?? new SizeSum([new SizeTerm(1, extent)], 0);
    }

    internal SizeSum Plus(SizeSum other)
    {
        var terms = new SortedDictionary<string, SizeTerm>(StringComparer.Ordinal);
        int constant = checked(Rest + other.Rest);
        foreach (SizeTerm term in Terms.Concat(other.Terms))
        {
            string text = term.Of.ToCSharp();
            terms[text] = term with { Factor = checked(term.Factor + (terms.TryGetValue(text, out SizeTerm? known) ? known.Factor : 0)) };
        }

        return Simplify(terms.Values.Where(t => t.Factor != 0), constant);
    }

    internal SizeSum Multiply(int factor) =>
        factor == 0 ? new SizeSum([], 0) : Simplify(Terms.Select(t => t with { Factor = checked(t.Factor * factor) }), checked(Rest * factor));

    /// <summary><c>floor(this / divisor)</c>, or null where that is no sum.</summary>
    internal SizeSum? DividedBy(int divisor)
    {
        SizeTerm[] rest = [.. Terms.Where(t => t.Factor % divisor != 0)];
        int offset = FloorRemainder(Rest, divisor);
        var whole = new SizeSum(
            Terms.Where(t => t.Factor % divisor == 0).Select(t => t with { Factor = t.Factor / divisor }).ToEquatableArray(), (Rest - offset) / divisor);
        if (rest.Length == 0) return whole;
        if (rest.Length > 1) return null;
        return whole.Plus(Floor(rest[0], offset, divisor));
    }

    internal static int FloorRemainder(int value, int divisor) => (int)((((long)value % divisor) + divisor) % divisor);

    // floor((f * e + o) / d). Negative factors are turned round: floor(-x / d) = -floor((x + d - 1) / d).
    private static SizeSum Floor(SizeTerm term, int offset, int divisor)
    {
        if (term.Factor < 0) return Floor(term with { Factor = checked(-term.Factor) }, checked(divisor - 1 - offset), divisor).Multiply(-1);
        (Extent of, int factor) = (term.Of, term.Factor);

        // A floor of a floor is one floor where nothing is multiplied between them.
        if (factor == 1 && of is DerivedExtent inner)
            (of, factor, offset, divisor) = checked((inner.Of, inner.Multiplier, inner.Offset + (offset * inner.Divisor), divisor * inner.Divisor));
        Extent floor = of.Derive(factor, FloorRemainder(offset, divisor), divisor);
        var carried = new SizeSum([], (offset - FloorRemainder(offset, divisor)) / divisor);

        // Deriving knows what the size is a multiple of and may leave no division.
        return (floor is DerivedExtent { Divisor: > 1 } or SymbolExtent ? new SizeSum([new SizeTerm(1, floor)], 0) : Of(floor)).Plus(carried);
    }

    // Times its divisor, an exact division is none.
    private static SizeSum Simplify(IEnumerable<SizeTerm> terms, int constant)
    {
        SizeTerm[] all = [.. terms];
        int exact = Array.FindIndex(all, t => t.Of is DerivedExtent { Divisor: > 1 } d && t.Factor % d.Divisor == 0 && t.Of.Derive(d.Divisor, 0, 1) is not DerivedExtent { Divisor: 1, Of: DerivedExtent });
        if (exact < 0) return new SizeSum(all.ToEquatableArray(), constant);
        var division = (DerivedExtent)all[exact].Of;
        SizeSum undone = Of(division.Of.Derive(division.Multiplier, division.Offset, 1)).Multiply(all[exact].Factor / division.Divisor);
        return Simplify(all.Where((_, i) => i != exact), constant).Plus(undone);
    }
}

/// <summary>One part of a <see cref="SizeSum"/>.</summary>
internal sealed record SizeTerm(int Factor, Extent Of);

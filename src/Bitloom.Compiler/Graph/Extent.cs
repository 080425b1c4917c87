using System.Globalization;

namespace Bitloom.Compiler.Graph;

/// <summary>
/// A height or width, known when a session is created: a constant, or a chain of <c>floor((e * Multiplier + Offset) / Divisor)</c>
/// that starts at an input's free height or width. Extents compare by value.
/// </summary>
public abstract record Extent
{
    /// <summary>A fixed number of pixels.</summary>
    public static Extent Constant(int value) => new ConstantExtent(value);

    /// <summary>The free size <paramref name="name"/>, e.g. <c>height</c>, of which only multiples of <paramref name="multiple"/> are possible.</summary>
    public static Extent Symbol(string name, int multiple = 1) => new SymbolExtent(name, multiple);

    /// <summary>This extent times <paramref name="factor"/>.</summary>
    public Extent Times(int factor) => Derive(factor, 0, 1);

    /// <summary>
    /// <c>floor((this * multiplier + offset) / divisor)</c>. Equal functions of a size mostly get equal form: divisions that leave no
    /// remainder, because the size is a multiple, join with what follows.
    /// </summary>
    public Extent Derive(int multiplier, int offset, int divisor)
    {
        if (this is ConstantExtent constant) return new ConstantExtent(FloorDivide(((long)constant.Value * multiplier) + offset, divisor));
        if (this is DerivedExtent { IsExact: true } inner)
        {
            long joined = ((long)inner.Offset * multiplier) + ((long)offset * inner.Divisor);
            return checked(inner.Of.Derive(inner.Multiplier * multiplier, (int)joined, inner.Divisor * divisor));
        }

        if (multiplier * (long)LeastMultiple % divisor == 0) offset = FloorDivide(offset, divisor) * divisor;
        int common = GreatestCommonDivisor(multiplier, GreatestCommonDivisor(offset, divisor));
        (multiplier, offset, divisor) = (multiplier / common, offset / common, divisor / common);
        return (multiplier, offset, divisor) == (1, 0, 1) ? this : new DerivedExtent(this, multiplier, offset, divisor);
    }

    /// <summary>The value is known to be a multiple of this.</summary>
    private protected virtual int LeastMultiple => 1;

    /// <summary>The value in pixels for given free sizes.</summary>
    public abstract int Evaluate(IReadOnlyDictionary<string, int> sizes);

    /// <summary>A C# expression of this extent over variables named as the symbols.</summary>
    public abstract string ToCSharp();

    /// <summary>The symbol that this extent depends on, or null for a constant.</summary>
    public abstract string? FreeSymbol { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => ToCSharp();

    private protected static int FloorDivide(long value, int divisor) =>
        checked((int)((value / divisor) - (value % divisor < 0 ? 1 : 0)));

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? Math.Abs(a) : GreatestCommonDivisor(b, a % b);
}

/// <summary>A fixed number of pixels.</summary>
public sealed record ConstantExtent(int Value) : Extent
{
    /// <inheritdoc/>
    public override string? FreeSymbol => null;

    /// <inheritdoc/>
    public override int Evaluate(IReadOnlyDictionary<string, int> sizes) => Value;

    /// <inheritdoc/>
    public override string ToCSharp() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A size that the caller gives when a session is created.</summary>
/// <param name="Name">Its name, e.g. <c>height</c>.</param>
/// <param name="Multiple">Only multiples of this are possible; 1 for any size.</param>
public sealed record SymbolExtent(string Name, int Multiple = 1) : Extent
{
    private protected override int LeastMultiple => Multiple;

    /// <inheritdoc/>
    public override string? FreeSymbol => Name;

    /// <inheritdoc/>
    public override int Evaluate(IReadOnlyDictionary<string, int> sizes) => sizes[Name];

    /// <inheritdoc/>
    public override string ToCSharp() => Name;
}

/// <summary><c>floor((Of * Multiplier + Offset) / Divisor)</c>.</summary>
public sealed record DerivedExtent(Extent Of, int Multiplier, int Offset, int Divisor) : Extent
{
    /// <summary>True where the division never leaves a remainder.</summary>
    internal bool IsExact => Divisor == 1 || (Of is SymbolExtent symbol && (long)symbol.Multiple * Multiplier % Divisor == 0 && Offset % Divisor == 0);

    /// <inheritdoc/>
    public override string? FreeSymbol => Of.FreeSymbol;

    /// <inheritdoc/>
    public override int Evaluate(IReadOnlyDictionary<string, int> sizes) =>
        FloorDivide(((long)Of.Evaluate(sizes) * Multiplier) + Offset, Divisor);

    /// <inheritdoc/>
    public override string ToCSharp()
    {
        string text = Multiplier == 1 ? Of.ToCSharp() : FormattableString.Invariant($"({Of.ToCSharp()} * {Multiplier})");
        if (Offset != 0) text = FormattableString.Invariant($"({text} {(Offset < 0 ? '-' : '+')} {Math.Abs(Offset)})");
        return Divisor == 1 ? text : FormattableString.Invariant($"({text} / {Divisor})");
    }
}

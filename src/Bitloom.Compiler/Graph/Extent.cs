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

    /// <summary>The free size <paramref name="name"/>, e.g. <c>height</c>.</summary>
    public static Extent Symbol(string name) => new SymbolExtent(name);

    /// <summary>This extent times <paramref name="factor"/>.</summary>
    public Extent Times(int factor) => Derive(factor, 0, 1);

    /// <summary><c>floor((this * multiplier + offset) / divisor)</c>, simplified where the result is plain.</summary>
    public Extent Derive(int multiplier, int offset, int divisor)
    {
        if (this is ConstantExtent constant) return new ConstantExtent(FloorDivide(((long)constant.Value * multiplier) + offset, divisor));
        if (multiplier == divisor && offset % divisor == 0) (multiplier, offset, divisor) = (1, offset / divisor, 1);
        if (multiplier == 1 && offset == 0 && divisor == 1) return this;
        if (this is DerivedExtent { Divisor: 1 } inner)
            return inner.Of.Derive(inner.Multiplier * multiplier, (inner.Offset * multiplier) + offset, divisor);
        return new DerivedExtent(this, multiplier, offset, divisor);
    }

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
public sealed record SymbolExtent(string Name) : Extent
{
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

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors;

/// <summary>What the value of an operator's property is in JSON.</summary>
public enum OperatorPropertyKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A single-precision number.</summary>
    Real,

    /// <summary>Name of a weight of type <c>float32</c>.</summary>
    FloatWeight,

    /// <summary>Name of a weight of type <c>bits</c>.</summary>
    BitWeight,

    /// <summary>A whole number for both directions, or an array: vertical, horizontal.</summary>
    Pair,

    /// <summary>A whole number for all sides, or an array: top, left, bottom, right.</summary>
    Sides,

    /// <summary>An array of whole numbers.</summary>
    IntegerList,

    /// <summary>An array of whole numbers that may be negative.</summary>
    ShiftList,

    /// <summary>One of a few names.</summary>
    Choice,

    /// <summary>An array of names.</summary>
    NameList,
}

/// <summary>A property of an operator as descriptors, the schema and the documentation know it.</summary>
/// <param name="Name">Its JSON name.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">Its JSON text where it is absent; null where it must be given; empty where absence has its own meaning.</param>
public sealed record OperatorProperty(string Name, OperatorPropertyKind Kind, string? Default)
{
    /// <summary>True where a descriptor must give it.</summary>
    public bool IsRequired => Default is null;
}

/// <summary>A property with the way to its JSON text in an operator of type <typeparamref name="TOperator"/>.</summary>
/// <param name="Description">Name, kind and default.</param>
/// <param name="Text">JSON text of the property's value; empty where it is absent.</param>
internal sealed record OperatorProperty<TOperator>(OperatorProperty Description, Func<TOperator, string> Text)
    where TOperator : Operator
{
    public static OperatorProperty<TOperator> Integer(string name, string? fallback, Func<TOperator, int> get) =>
        new(new(name, OperatorPropertyKind.Integer, fallback), o => JsonText.Integer(get(o)));

    public static OperatorProperty<TOperator> Real(string name, string? fallback, Func<TOperator, float> get) =>
        new(new(name, OperatorPropertyKind.Real, fallback), o => NumberText.Format(get(o)));

    public static OperatorProperty<TOperator> Float(string name, Func<TOperator, FloatTensor> get) =>
        new(new(name, OperatorPropertyKind.FloatWeight, null), o => JsonText.String(get(o).Name));

    public static OperatorProperty<TOperator> OptionalFloat(string name, Func<TOperator, FloatTensor?> get) =>
        new(new(name, OperatorPropertyKind.FloatWeight, ""), o => get(o) is { } tensor ? JsonText.String(tensor.Name) : "");

    public static OperatorProperty<TOperator> Bits(string name, Func<TOperator, BitTensor> get) =>
        new(new(name, OperatorPropertyKind.BitWeight, null), o => JsonText.String(get(o).Name));

    public static OperatorProperty<TOperator> Integers(string name, Func<TOperator, EquatableArray<int>> get) =>
        new(new(name, OperatorPropertyKind.IntegerList, null), o => JsonText.Integers(get(o)));

    public static OperatorProperty<TOperator> Choice<T>(string name, string? fallback, Func<TOperator, T> get)
        where T : struct, Enum => new(new(name, OperatorPropertyKind.Choice, fallback), o => JsonText.String(ChoiceText.Format(get(o))));

    public static OperatorProperty<TOperator> Names(string name, Func<TOperator, EquatableArray<string>> get) =>
        new(new(name, OperatorPropertyKind.NameList, null), o => "[" + string.Join(", ", get(o).Select(JsonText.String)) + "]");

    public static OperatorProperty<TOperator> Pair(string name, string? fallback, Func<TOperator, (int Vertical, int Horizontal)> get) =>
        new(new(name, OperatorPropertyKind.Pair, fallback), o => JsonText.OneOrAll(get(o).Vertical, get(o).Horizontal));

    public static OperatorProperty<TOperator> Sides(string name, Func<TOperator, (int Top, int Left, int Bottom, int Right)> get) =>
        new(new(name, OperatorPropertyKind.Sides, "0"), o => JsonText.OneOrAll(get(o).Top, get(o).Left, get(o).Bottom, get(o).Right));

    public static OperatorProperty<TOperator> Shifts(string name, Func<TOperator, EquatableArray<int>> get) =>
        new(new(name, OperatorPropertyKind.ShiftList, null), o => JsonText.Integers(get(o)));

    /// <summary>Stride, padding and dilation of a convolution or pooling window.</summary>
    public static OperatorProperty<TOperator>[] Window(Func<TOperator, Window> get) =>
    [
        new(new("stride", OperatorPropertyKind.Pair, "1"), o => JsonText.OneOrAll(get(o).StrideY, get(o).StrideX)),
        new(new("pad", OperatorPropertyKind.Sides, "0"), o => JsonText.OneOrAll(get(o).PadTop, get(o).PadLeft, get(o).PadBottom, get(o).PadRight)),
        new(new("dilation", OperatorPropertyKind.Pair, "1"), o => JsonText.OneOrAll(get(o).DilationY, get(o).DilationX)),
    ];
}

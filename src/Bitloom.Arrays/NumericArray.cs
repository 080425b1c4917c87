namespace Bitloom.Arrays;

/// <summary>An array as a file holds it, its values converted to single precision.</summary>
/// <param name="name">Its name in the file; empty in formats without names.</param>
/// <param name="shape">Dimensions, outermost first; none for a scalar.</param>
/// <param name="type">How the file stores a value.</param>
/// <param name="values">Product of the dimensions many values, row-major. Shared, not copied.</param>
public sealed class NumericArray(string name, IReadOnlyList<int> shape, ElementType type, float[] values)
{
    /// <summary>Most values that readers accept unless told otherwise: 1 GiB in memory.</summary>
    public const int DefaultMaximumValues = 1 << 28;

    /// <summary>Most dimensions of an array.</summary>
    public const int MaximumRank = 8;

    /// <summary>Its name in the file; empty in formats without names.</summary>
    public string Name { get; } = name;

    /// <summary>Dimensions, outermost first; none for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>How the file stores a value.</summary>
    public ElementType Type { get; } = type;

    /// <summary>Product of the dimensions many values, row-major.</summary>
    public float[] Values { get; } = values;
}

/// <summary>An array that a file announces; what it says has been checked against the file's length.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">How a value is stored, and what it can reach.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
public record ArrayEntry(string Name, ElementType Type, IReadOnlyList<int> Shape)
{
    /// <summary>Name and shape, as messages list them.</summary>
    public sealed override string ToString() => $"'{ArrayText.Shown(Name)}' [{string.Join(", ", Shape)}]";
}

namespace Bitloom.Compiler.Graph;

/// <summary>A named fp32 constant, row-major.</summary>
/// <param name="Name">Name in the descriptor's weights, unique in a graph.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Values">Product of the dimensions many finite values.</param>
public sealed record FloatTensor(string Name, EquatableArray<int> Shape, EquatableArray<float> Values)
{
    /// <summary>A vector, e.g. one value a channel.</summary>
    public static FloatTensor Vector(string name, params float[] values) =>
        new(name, [values.Length], EquatableArray.Adopt(values));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}

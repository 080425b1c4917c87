using Bitloom.Compiler;

namespace Bitloom.Import.Safetensors;

/// <summary>A tensor of a checkpoint, converted to single precision.</summary>
/// <param name="Name">Its name, e.g. <c>body.0.binary_conv.weight</c>.</param>
/// <param name="Shape">Dimensions, outermost first; none for a scalar.</param>
/// <param name="Values">Product of the dimensions many values, row-major. Shared, not copied: do not change them.</param>
public sealed record NamedTensor(string Name, EquatableArray<int> Shape, float[] Values)
{
    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}

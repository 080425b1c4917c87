namespace Bitloom.Arrays.Safetensors;

/// <summary>A tensor as the header of a safetensors file announces it; every field has been checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Start">First byte, from the end of the header.</param>
/// <param name="Elements">How many values it has.</param>
public sealed record SafetensorsEntry(string Name, ElementType Type, IReadOnlyList<int> Shape, long Start, int Elements)
    : ArrayEntry(Name, Type, Shape)
{
    /// <summary>The byte after its last.</summary>
    public long End => Start + ((long)Elements * Type.Size);
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>What the emitted code will do: geometries, buffers and steps in order.</summary>
/// <param name="Source">The graph as the user wrote it.</param>
/// <param name="Lowered">The graph after the passes.</param>
/// <param name="Levels">The geometries that occur, by index.</param>
/// <param name="Slots">Buffers of the arena, by index.</param>
/// <param name="Steps">What runs, one after the other, with a barrier between.</param>
/// <param name="Wavefronts">Steps that run together, chunk by chunk instead of one after the other.</param>
public sealed record Plan(
    NetworkGraph Source,
    NetworkGraph Lowered,
    EquatableArray<Level> Levels,
    EquatableArray<Slot> Slots,
    EquatableArray<Step> Steps,
    EquatableArray<WavefrontRange> Wavefronts);

/// <summary>One spatial size of the network, and how many pixels of zeros its readers need around it.</summary>
public sealed record Level(int Index, Extent Height, Extent Width, int PadY, int PadX)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Height} x {Width}";
}

/// <summary>What a slot holds.</summary>
public enum SlotKind
{
    /// <summary>fp32 planes.</summary>
    Float,

    /// <summary>Bit planes of signs.</summary>
    Sign,
}

/// <summary>A buffer of the arena. Tensors whose lifetimes do not overlap share one.</summary>
public sealed record Slot(int Index, SlotKind Kind, int Level, int Channels)
{
    /// <summary>Its name in emitted code.</summary>
    public string Name => FormattableString.Invariant($"{(Kind == SlotKind.Float ? "Floats" : "Signs")}{Index}");
}

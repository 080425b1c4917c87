using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Where a tensor lies: a slot of the arena, and the channel of the slot that holds the tensor's first.</summary>
public sealed record Place(int Slot, int Channel)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Slot}[{Channel}]");
}

/// <summary>
/// A tensor read at the pixel that is being made, or at an offset from it: channel c comes from channel <c>Channels[c]</c> of the slot.
/// </summary>
/// <param name="Slot">fp32 slot of the step's own geometry.</param>
/// <param name="Channels">Source channel of every channel.</param>
/// <param name="Offsets">Offset of every channel; none where all are zero.</param>
public sealed record Operand(int Slot, EquatableArray<int> Channels, EquatableArray<PixelOffset> Offsets = default)
{
    /// <summary>True where pixels around the one that is being made are read.</summary>
    public bool IsShifted => Offsets.Count > 0;
}

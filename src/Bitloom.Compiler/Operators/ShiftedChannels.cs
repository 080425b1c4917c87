using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>How far from a pixel another is read: rows down, columns to the right.</summary>
public readonly record struct PixelOffset(int Rows, int Columns)
{
    /// <summary>True for the pixel itself.</summary>
    public bool IsZero => Rows == 0 && Columns == 0;
}

/// <summary>
/// A choice of channels, each moved by whole pixels: output channel c at (y, x) is input channel <c>Channels[c]</c> at (y, x) +
/// <c>Offsets[c]</c>, zero where that lies outside the image. A layer of GhostSR in one node: intrinsic channels as they are, then ghosts.
/// Made by a pass of <see cref="Shift"/>, <see cref="SelectChannels"/> and <see cref="Concat"/>; not part of the descriptor format.
/// </summary>
/// <param name="Channels">Input channel of every output channel.</param>
/// <param name="Offsets">Offset of every output channel.</param>
public sealed record ShiftedChannels(EquatableArray<int> Channels, EquatableArray<PixelOffset> Offsets) : Operator
{
    /// <summary>The largest offset at which kernels read in place: their padding grows with it.</summary>
    public const int FarthestInPlace = 8;

    /// <inheritdoc/>
    public override string Kind => "ShiftedChannels";

    /// <summary>Rows of the farthest offset.</summary>
    public int MostRows => Offsets.Max(o => Math.Abs(o.Rows));

    /// <summary>Columns of the farthest offset.</summary>
    public int MostColumns => Offsets.Max(o => Math.Abs(o.Columns));

    /// <summary>True where kernels can read the channels at their offsets instead of a copy.</summary>
    public bool IsNear => MostRows <= FarthestInPlace && MostColumns <= FarthestInPlace;

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Offsets.Count != Channels.Count
        ? InferredShape.Fail($"{Offsets.Count} offsets are given for {Channels.Count} channels") : new SelectChannels(Channels).InferShape(inputs);
}

using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Where the values of a flat step come from.</summary>
public abstract record FlatSource;

/// <summary>Sums of a binary convolution over bit planes.</summary>
public sealed record BinaryConvSource(BinaryConv2d Convolution, int Signs) : FlatSource;

/// <summary>Sums of an fp32 convolution over planes, without the bias, which opens the epilogue.</summary>
public sealed record ConvSource(Conv2d Convolution, int Floats) : FlatSource;

/// <summary>Planes as they are: channel c comes from channel <c>Channels[c]</c> of the slot.</summary>
public sealed record PlaneSource(Operand Operand) : FlatSource;

/// <summary>A tensor read at the pixel that is being made.</summary>
/// <param name="Slot">fp32 slot of the step's own geometry.</param>
/// <param name="Channels">Source channel of every channel.</param>
public sealed record Operand(int Slot, EquatableArray<int> Channels);

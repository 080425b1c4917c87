using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Output (y, x) is input (y * strideY + offsetY, x * strideX + offsetX). Made by passes from strided and unpadded convolutions; not
/// part of the descriptor format.
/// </summary>
public sealed record Subsample(int OffsetY, int OffsetX, int StrideY, int StrideX, Extent Height, Extent Width) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Subsample";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => new TensorShape(inputs[0].Channels, Height, Width);
}

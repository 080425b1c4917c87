using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// A 3 x 3 convolution of stride 1, padding 1, one group and no bias, to be computed by Winograd's F(4, 3) along columns (Lavin and
/// Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016): half the multiplications. Made by a pass; not part of the
/// descriptor format.
/// </summary>
/// <param name="Weight">Output channels x input channels x 3 x 3.</param>
/// <param name="Ghosts">The input channels as a choice of shifted channels of the tensor read; null where they are its channels.</param>
public sealed record WinogradConv2d(FloatTensor Weight, ShiftedChannels? Ghosts = null) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "WinogradConv2d";

    /// <inheritdoc/>
    public override long MacsPerOutput => Weight.Shape[1] * 9L;

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Weight];

    /// <summary>The same function of <see cref="Ghosts"/>' result as an ordinary convolution.</summary>
    public Conv2d ToConv2d() => new(Weight, null, Window.Padded(1));

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (Ghosts is null) return ToConv2d().InferShape(inputs);
        InferredShape read = Ghosts.InferShape(inputs);
        return read.Shape is { } shape ? ToConv2d().InferShape([shape]) : read;
    }
}

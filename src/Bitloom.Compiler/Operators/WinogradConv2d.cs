using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// A 3 x 3 convolution of stride 1, padding 1, one group and no bias, to be computed by Winograd's F(4, 3) along columns (Lavin and
/// Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016): half the multiplications. Made by a pass; not part of the
/// descriptor format.
/// </summary>
/// <param name="Weight">Output channels x input channels x 3 x 3.</param>
public sealed record WinogradConv2d(FloatTensor Weight) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "WinogradConv2d";

    /// <inheritdoc/>
    public override long MacsPerOutput => Weight.Shape[1] * 9L;

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Weight];

    /// <summary>The same function as an ordinary convolution.</summary>
    public Conv2d ToConv2d() => new(Weight, null, Window.Padded(1));

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => ToConv2d().InferShape(inputs);
}

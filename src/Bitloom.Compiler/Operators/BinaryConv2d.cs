using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Convolution of signs with binary weights: <c>y[o] = sum over k of xb[k] * wb[o, k]</c>, both in {-1, +1}. Padded taps count 0.
/// The result is an exact integer; the weights' scale (XNOR-Net, mean(abs(W[o]))) is an <see cref="Affine"/> that follows.
/// </summary>
/// <param name="Weight">Output channels x input channels a group x kernel height x kernel width, one bit each.</param>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="Groups">Divides both channel counts.</param>
public sealed record BinaryConv2d(BitTensor Weight, Window Window, int Groups = 1) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "BinaryConv2d";

    /// <inheritdoc/>
    public override long MacsPerOutput => Weight.BitsPerOutput;

    /// <inheritdoc/>
    public override IEnumerable<BitTensor> BitWeights => [Weight];

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        ConvolutionShape.Infer(inputs[0], Weight.Name, Weight.Shape, Window, Groups);
}

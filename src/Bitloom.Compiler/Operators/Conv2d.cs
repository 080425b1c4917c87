using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// fp32 convolution (cross-correlation, as in PyTorch) with zero padding:
/// <c>y[o] = bias[o] + sum over i, ky, kx of weight[o, i, ky, kx] * x[i]</c>.
/// </summary>
/// <param name="Weight">Output channels x input channels a group x kernel height x kernel width.</param>
/// <param name="Bias">One value an output channel, or null.</param>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="Groups">Divides both channel counts.</param>
public sealed record Conv2d(FloatTensor Weight, FloatTensor? Bias, Window Window, int Groups = 1) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Conv2d";

    /// <inheritdoc/>
    public override long MacsPerOutput => (long)Weight.Shape[1] * Weight.Shape[2] * Weight.Shape[3];

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => Bias is null ? [Weight] : [Weight, Bias];

    /// <summary>True where every pixel is made of the same pixel alone, of all channels.</summary>
    internal bool IsPointwise => Groups == 1 && Weight.Shape[2] == 1 && Weight.Shape[3] == 1 && Window == new Window();

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        InferredShape shape = ConvolutionShape.Infer(inputs[0], Weight.Name, Weight.Shape, Window, Groups);
        return shape.Shape is not null && Bias is not null && Bias.Values.Count != Weight.Shape[0]
            ? InferredShape.Fail($"'{Bias.Name}' holds {Bias.Values.Count} values, but there are {Weight.Shape[0]} output channels: give one value an output channel")
            : shape;
    }
}

using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>A full-precision convolution.</summary>
internal sealed unsafe class ConvolutionLayer : Layer<Conv2d>
{
    private readonly ConvolutionKernels _kernels;
    private readonly int _weight, _bias;

    internal ConvolutionLayer(LayerSource source)
        : base(source)
    {
        _kernels = new ConvolutionKernels(ConvolutionSizes.Of(source, Operator.Weight.Shape, Operator.Window, Operator.Groups));
        (_weight, _bias) = (OffsetOf(Operator.Weight), OffsetOf(Operator.Bias));
    }

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => true;

    internal override long ScratchSize => _kernels.ScratchSize;

    internal override void Prepare() => _kernels.Pack(Parameters.ValuesPointer + _weight);

    internal override void Forward(in ImagePass pass) =>
        _kernels.Forward(pass.Value(Inputs[0]), pass.Value(Output), null, _bias < 0 ? null : pass.Parameters + _bias, pass.Scratch);

    internal override void Backward(in ImagePass pass)
    {
        float* g = pass.Gradient(Output);
        for (int o = 0; o < Output.Channels && _bias >= 0; o++) pass.Gradients[_bias + o] += Elementwise.Sum(g + ((nint)o * Output.Plane), Output.Plane);
        _kernels.WeightGradient(pass.Value(Inputs[0]), g, pass.Gradients + _weight, pass.Scratch);
        if (Inputs[0].NeedsGradient) _kernels.DataGradient(g, pass.Gradient(Inputs[0]), Accumulates[0], pass.Scratch);
    }

    public override void Dispose() => _kernels.Dispose();

    protected override Conv2d FreezeOperator() =>
        Operator with { Weight = Freeze(Operator.Weight), Bias = Operator.Bias is { } bias ? Freeze(bias) : null };
}

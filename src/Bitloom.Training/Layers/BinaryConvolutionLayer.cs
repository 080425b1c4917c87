using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Runtime;
using Bitloom.Training.Kernels;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Layers;

/// <summary>
/// A binary convolution of signs with its scale: <c>y[o] = s[o] * conv(x, sign(W[o])) + bias[o]</c>, s[o] = mean|W[o]| (XNOR-Net, Rastegari
/// et al., ECCV 2016). Sums of +-1 are exact in single precision, so values are those of the compiled network. The weights' gradient is
/// that of <c>s * sign(W)</c>, passed where |W| is at most 1; s itself passes none, as in the papers' code.
/// </summary>
internal sealed unsafe class BinaryConvolutionLayer : Layer
{
    private readonly LiftedNode _lifted;
    private readonly BinaryConv2d _operator;
    private readonly Affine? _affine;
    private readonly SignConvolution? _signs;
    private readonly ConvolutionKernels? _forward;
    private readonly ConvolutionKernels _backward;
    private readonly Parameter _latent;
    private readonly NativeBuffer _work;
    private readonly int _bias;

    internal BinaryConvolutionLayer(LayerSource source)
        : base(source)
    {
        _lifted = source.Lifted;
        _operator = (BinaryConv2d)_lifted.Node.Operator;
        _affine = _lifted.ScaleNode?.Operator as Affine;
        ConvolutionSize size = ConvolutionSizes.Of(source, _operator.Weight.Shape, _operator.Window, _operator.Groups);
        _signs = SignConvolution.TryCreate(size);
        _forward = _signs is null ? new ConvolutionKernels(size) : null;
        _backward = new ConvolutionKernels(size);
        _latent = Parameters.Find(_operator.Weight.Name);
        _bias = OffsetOf(_affine?.Bias);
        _work = new NativeBuffer((_latent.Count + (long)Outputs) * sizeof(float));
    }

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => true;

    internal override long ScratchSize => Math.Max(_backward.ScratchSize, _signs?.ScratchSize ?? 0);

    private int Outputs => _operator.Weight.Shape[0];

    // The scales, after as many floats as there are weights.
    private float* Scales => (float*)_work.Pointer + _latent.Count;

    internal override void Prepare()
    {
        float* latent = Parameters.ValuesPointer + _latent.Offset, weights = (float*)_work.Pointer;
        int perOutput = _latent.Count / Outputs;
        Elementwise.Map(latent, weights, _latent.Count, default(SignLayer.HardSign));
        _signs?.Pack(weights);
        _forward?.Pack(weights);
        for (int o = 0; o < Outputs; o++, weights += perOutput)
        {
            Scales[o] = _affine is null ? 1 : BinaryScale.MeanMagnitude(new ReadOnlySpan<float>(latent + ((nint)o * perOutput), perOutput));
            Elementwise.Map(weights, weights, perOutput, new Elementwise.Multiple(Scales[o]));
        }

        _backward.Pack((float*)_work.Pointer);
    }

    internal override void Forward(in ImagePass pass)
    {
        float* bias = _bias < 0 ? null : pass.Parameters + _bias;
        if (_signs is not null) _signs.Forward(pass.Value(Inputs[0]), pass.Value(Output), Scales, bias, pass.Scratch);
        else _forward!.Forward(pass.Value(Inputs[0]), pass.Value(Output), Scales, bias, pass.Scratch);
    }

    internal override void Backward(in ImagePass pass)
    {
        float* g = pass.Gradient(Output);
        for (int o = 0; o < Outputs && _bias >= 0; o++) pass.Gradients[_bias + o] += Elementwise.Sum(g + ((nint)o * Output.Plane), Output.Plane);
        _backward.WeightGradient(pass.Value(Inputs[0]), g, pass.Gradients + _latent.Offset, pass.Scratch);
        if (Inputs[0].NeedsGradient) _backward.DataGradient(g, pass.Gradient(Inputs[0]), Accumulates[0], pass.Scratch);
    }

    internal override void FinishGradients()
    {
        float* gradient = Parameters.GradientsPointer + _latent.Offset;
        Elementwise.Map(Parameters.ValuesPointer + _latent.Offset, gradient, gradient, _latent.Count, default(SignLayer.ClipGradient));
    }

    internal override IEnumerable<Node> Freeze()
    {
        Span<float> latent = Parameters.ValuesOf(_latent);
        yield return _lifted.Node with { Operator = _operator with { Weight = BitTensor.FromSigns(_operator.Weight.Name, _operator.Weight.Shape, latent) } };
        if (_affine?.Scale is not { } scale) yield break;
        int perOutput = _latent.Count / Outputs;
        float[] scales = [.. Enumerable.Range(0, Outputs).Select(o => BinaryScale.MeanMagnitude(Parameters.ValuesOf(_latent).Slice(o * perOutput, perOutput)))];
        var affine = new Affine(FloatTensor.Vector(scale.Name, scales), _affine.Bias is { } bias ? Freeze(bias) : null);
        yield return _lifted.ScaleNode! with { Operator = affine };
    }

    public override void Dispose()
    {
        _signs?.Dispose();
        _forward?.Dispose();
        _backward.Dispose();
        _work.Dispose();
    }
}

using System.Runtime.Intrinsics;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;
using Bitloom.Training.Networks;

namespace Bitloom.Training.Layers;

/// <summary><c>y = x * scale[c] + bias[c]</c>; <c>gx = g * scale</c>, <c>gscale = sum(g * x)</c>, <c>gbias = sum(g)</c>.</summary>
internal sealed unsafe class AffineLayer : Layer<Affine>
{
    private readonly int _scale, _bias;

    internal AffineLayer(LayerSource source)
        : base(source) => (_scale, _bias) = (OffsetOf(Operator.Scale), OffsetOf(Operator.Bias));

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => Operator.Scale is not null;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        float* scale = _scale < 0 ? null : pass.Parameters + _scale, bias = _bias < 0 ? null : pass.Parameters + _bias;
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane, y += plane)
            Elementwise.Map(x, y, plane, new Line(scale == null ? 1 : scale[c], bias == null ? 0 : bias[c]));
    }

    internal override void Backward(in ImagePass pass)
    {
        TensorSlot input = Inputs[0];
        float* g = pass.Gradient(Output);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, g += plane)
        {
            if (_bias >= 0) pass.Gradients[_bias + c] += Elementwise.Sum(g, plane);
            float factor = 1;
            if (_scale >= 0)
            {
                factor = pass.Parameters[_scale + c];
                pass.Gradients[_scale + c] += Elementwise.Dot(g, pass.Value(input) + ((nint)c * plane), plane);
            }

            if (input.NeedsGradient) Elementwise.Map(g, pass.Gradient(input) + ((nint)c * plane), plane, new Elementwise.Multiple(factor), Accumulates[0]);
        }
    }

    protected override Affine FreezeOperator() =>
        new(Operator.Scale is { } scale ? Freeze(scale) : null, Operator.Bias is { } bias ? Freeze(bias) : null);

    // Adding 0 changes nothing but the sign of a zero, which no operator tells apart.
    private readonly struct Line(float scale, float bias) : IUnaryFunction
    {
        private readonly Vector512<float> _scale = Vector512.Create(scale), _bias = Vector512.Create(bias);

        public Vector512<float> Apply(Vector512<float> x) => (x * _scale) + _bias;
    }
}

using System.Runtime.Intrinsics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>
/// PReLU, or <c>PReLU(x + shift) + offset</c>. With u = x + shift: gx = g where u > 0, else g * slope; gshift = sum(gx), goffset = sum(g),
/// gslope = sum of g * u where u is not above 0.
/// </summary>
internal sealed unsafe class RPReluLayer<TOperator>(LayerSource source, FloatTensor? shift, FloatTensor slope, FloatTensor? offset) : Layer<TOperator>(source)
    where TOperator : Operator
{
    private readonly int _shift = shift is null ? -1 : source.Parameters.Find(shift.Name).Offset;
    private readonly int _slope = source.Parameters.Find(slope.Name).Offset;
    private readonly int _offset = offset is null ? -1 : source.Parameters.Find(offset.Name).Offset;

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane, y += plane)
            Elementwise.Map(x, y, plane, new ShiftedLeak(Read(pass, _shift, c), pass.Parameters[_slope + c], Read(pass, _offset, c)));
    }

    internal override void Backward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output), gx = pass.Gradient(Inputs[0]);
        int plane = Output.Plane;
        bool stores = Inputs[0].NeedsGradient;
        for (int c = 0; c < Output.Channels; c++, x += plane, g += plane, gx += plane)
        {
            float a = pass.Parameters[_slope + c];
            Vector512<float> s = Vector512.Create(Read(pass, _shift, c)), factor = Vector512.Create(a);
            Vector512<float> all = Vector512<float>.Zero, bent = Vector512<float>.Zero, bentSource = Vector512<float>.Zero;
            for (int i = 0; i < plane; i += Elementwise.Lanes)
            {
                Vector512<float> u = Elementwise.LoadPart(x + i, plane - i) + s, gradient = Elementwise.LoadPart(g + i, plane - i);
                Vector512<float> low = Vector512.ConditionalSelect(Vector512.GreaterThan(u, Vector512<float>.Zero), Vector512<float>.Zero, gradient);
                all += gradient;
                bent += low;
                bentSource += low * u;
                if (!stores) continue;
                Vector512<float> result = gradient - low + (low * factor);
                if (Accumulates[0]) result += Elementwise.LoadPart(gx + i, plane - i);
                Elementwise.StorePart(result, gx + i, plane - i);
            }

            float total = Elementwise.SumLanes(all), low0 = Elementwise.SumLanes(bent);
            if (_shift >= 0) pass.Gradients[_shift + c] += total - low0 + (low0 * a);
            if (_offset >= 0) pass.Gradients[_offset + c] += total;
            pass.Gradients[_slope + c] += Elementwise.SumLanes(bentSource);
        }
    }

    protected override TOperator FreezeOperator() => Operator switch
    {
        PRelu => (TOperator)(Operator)new PRelu(Freeze(slope)),
        _ => (TOperator)(Operator)new RPRelu(Freeze(shift!), Freeze(slope), Freeze(offset!)),
    };

    private static float Read(in ImagePass pass, int constant, int channel) => constant < 0 ? 0 : pass.Parameters[constant + channel];

    private readonly struct ShiftedLeak(float shift, float slope, float offset) : IUnaryFunction
    {
        private readonly Vector512<float> _shift = Vector512.Create(shift), _slope = Vector512.Create(slope), _offset = Vector512.Create(offset);

        public Vector512<float> Apply(Vector512<float> x)
        {
            Vector512<float> u = x + _shift;
            return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(u, Vector512<float>.Zero), u, u * _slope) + _offset;
        }
    }
}

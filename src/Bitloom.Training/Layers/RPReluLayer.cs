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
            (float all, float bent, float bentSource) = ShiftedLeak.Backward(x, g, stores ? gx : null, plane, Read(pass, _shift, c), a, Accumulates[0]);
            if (_shift >= 0) pass.Gradients[_shift + c] += all - bent + (bent * a);
            if (_offset >= 0) pass.Gradients[_offset + c] += all;
            pass.Gradients[_slope + c] += bentSource;
        }
    }

    protected override TOperator FreezeOperator() => Operator switch
    {
        PRelu => (TOperator)(Operator)new PRelu(Freeze(slope)),
        _ => (TOperator)(Operator)new RPRelu(Freeze(shift!), Freeze(slope), Freeze(offset!)),
    };

    private static float Read(in ImagePass pass, int constant, int channel) => constant < 0 ? 0 : pass.Parameters[constant + channel];
}

using System.Runtime.Intrinsics;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>
/// Layer normalisation over the channels of each pixel, 16 pixels at a time. With n = (x - mean) / deviation and h = g * gamma:
/// <c>gx = (h - mean(h) - n * mean(h * n)) / deviation</c>, ggamma = sum(g * n), gbeta = sum(g).
/// </summary>
internal sealed unsafe class LayerNormLayer : Layer<LayerNorm>
{
    private readonly int _gamma, _beta;

    internal LayerNormLayer(LayerSource source)
        : base(source) => (_gamma, _beta) = (OffsetOf(Operator.Gamma), OffsetOf(Operator.Beta));

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output), gamma = pass.Parameters + _gamma, beta = pass.Parameters + _beta;
        int plane = Output.Plane;
        for (int i = 0; i < plane; i += Elementwise.Lanes)
        {
            (Vector512<float> mean, Vector512<float> inverse) = Statistics(x + i, plane - i);
            for (int c = 0; c < Output.Channels; c++)
            {
                Vector512<float> normal = (Elementwise.LoadPart(x + ((nint)c * plane) + i, plane - i) - mean) * inverse;
                Elementwise.StorePart((normal * gamma[c]) + Vector512.Create(beta[c]), y + ((nint)c * plane) + i, plane - i);
            }
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output), gx = pass.Gradient(Inputs[0]), gamma = pass.Parameters + _gamma;
        int plane = Output.Plane, channels = Output.Channels;
        for (int i = 0; i < plane; i += Elementwise.Lanes)
        {
            int count = plane - i;
            (Vector512<float> mean, Vector512<float> inverse) = Statistics(x + i, count);
            Vector512<float> sum = Vector512<float>.Zero, product = Vector512<float>.Zero;
            for (int c = 0; c < channels; c++)
            {
                // Pixels after the last have no gradient, and a mean of 0.
                Vector512<float> gradient = Elementwise.LoadPart(g + ((nint)c * plane) + i, count);
                Vector512<float> normal = (Elementwise.LoadPart(x + ((nint)c * plane) + i, count) - mean) * inverse;
                pass.Gradients[_gamma + c] += Elementwise.SumLanes(gradient * normal);
                pass.Gradients[_beta + c] += Elementwise.SumLanes(gradient);
                sum += gradient * gamma[c];
                product += gradient * gamma[c] * normal;
            }

            if (!Inputs[0].NeedsGradient) continue;
            sum /= channels;
            product /= channels;
            for (int c = 0; c < channels; c++)
            {
                float* target = gx + ((nint)c * plane) + i;
                Vector512<float> normal = (Elementwise.LoadPart(x + ((nint)c * plane) + i, count) - mean) * inverse;
                Vector512<float> result = ((Elementwise.LoadPart(g + ((nint)c * plane) + i, count) * gamma[c]) - sum - (normal * product)) * inverse;
                if (Accumulates[0]) result += Elementwise.LoadPart(target, count);
                Elementwise.StorePart(result, target, count);
            }
        }
    }

    protected override LayerNorm FreezeOperator() => Operator with { Gamma = Freeze(Operator.Gamma), Beta = Freeze(Operator.Beta) };

    private (Vector512<float> Mean, Vector512<float> InverseDeviation) Statistics(float* x, int count)
    {
        int plane = Output.Plane, channels = Output.Channels;
        Vector512<float> mean = Vector512<float>.Zero, squares = Vector512<float>.Zero;
        for (int c = 0; c < channels; c++) mean += Elementwise.LoadPart(x + ((nint)c * plane), count);
        mean /= channels;
        for (int c = 0; c < channels; c++)
        {
            Vector512<float> distance = Elementwise.LoadPart(x + ((nint)c * plane), count) - mean;
            squares += distance * distance;
        }

        return (mean, Vector512<float>.One / Vector512.Sqrt((squares / channels) + Vector512.Create(Operator.Epsilon)));
    }
}

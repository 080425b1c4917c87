using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Layer normalisation over the channels of each pixel, in double, rounded once.</summary>
internal static class LayerNormEvaluator
{
    internal static Tensor Evaluate(LayerNorm norm, Tensor x)
    {
        var result = Tensor.Zeros(x.Channels, x.Height, x.Width);
        for (int pixel = 0; pixel < x.PlaneSize; pixel++)
        {
            double[] values = [.. Enumerable.Range(0, x.Channels).Select(c => (double)x.Plane(c)[pixel])];
            double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
            double scale = 1 / Math.Sqrt(variance + norm.Epsilon);
            for (int c = 0; c < x.Channels; c++)
                result.Plane(c)[pixel] = (float)(((values[c] - mean) * scale * norm.Gamma.Values[c]) + norm.Beta.Values[c]);
        }

        return result;
    }
}

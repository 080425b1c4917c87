using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>fp32 convolution: products and sums in double from the bias on, rounded to fp32 once at the end.</summary>
internal static class Conv2dEvaluator
{
    internal static Tensor Evaluate(Conv2d convolution, Tensor x)
    {
        var walk = new ConvolutionWalk(x, convolution.Weight.Shape, convolution.Window, convolution.Groups);
        var result = Tensor.Zeros(walk.OutputChannels, walk.OutputHeight, walk.OutputWidth);
        int weights = convolution.Weight.Values.Count / walk.OutputChannels;
        Parallel.For(0, result.Channels, output =>
        {
            var sums = new double[result.PlaneSize];
            Array.Fill(sums, convolution.Bias?.Values[output] ?? 0);
            walk.Visit(output, sums, AddTap);
            for (int i = 0; i < sums.Length; i++) result.Plane(output)[i] = (float)sums[i];
        });
        return result;

        void AddTap(int output, int weight, ReadOnlySpan<float> pixels, int stride, Span<double> sums)
        {
            double factor = convolution.Weight.Values[(output * weights) + weight];
            for (int i = 0, pixel = 0; i < sums.Length; i++, pixel += stride) sums[i] += factor * pixels[pixel];
        }
    }
}

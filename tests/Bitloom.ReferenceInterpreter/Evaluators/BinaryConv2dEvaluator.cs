using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Convolution of signs with one-bit weights, summed in integers: exact. Padded taps count 0.</summary>
internal static class BinaryConv2dEvaluator
{
    internal static Tensor Evaluate(BinaryConv2d convolution, Tensor signs)
    {
        if (signs.Values.Any(value => value is not (1f or -1f)))
            throw new InvalidOperationException($"'{convolution.Weight.Name}' reads values other than -1 and +1: put a Sign before the binary convolution.");

        var walk = new ConvolutionWalk(signs, convolution.Weight.Shape, convolution.Window, convolution.Groups);
        var result = Tensor.Zeros(walk.OutputChannels, walk.OutputHeight, walk.OutputWidth);
        Parallel.For(0, result.Channels, output =>
        {
            var sums = new long[result.PlaneSize];
            walk.Visit(output, sums, AddTap);
            for (int i = 0; i < sums.Length; i++) result.Plane(output)[i] = sums[i];
        });
        return result;

        void AddTap(int output, int weight, ReadOnlySpan<float> pixels, int stride, Span<long> sums)
        {
            float sign = convolution.Weight[output, weight] ? 1 : -1;
            for (int i = 0, pixel = 0; i < sums.Length; i++, pixel += stride) sums[i] += pixels[pixel] == sign ? 1 : -1;
        }
    }
}

using System.Numerics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>
/// Tells whether a run is free of rounding in whatever order its sums are taken and its factors multiplied: then all forms of a
/// network must agree to the last bit, although in general they may not. A sum of products is free of rounding if all products are
/// multiples of one power of two, and the sum of their magnitudes is below 2^24 such units.
/// </summary>
internal static class ExactSums
{
    private const double LargestExact = 1 << 24;

    /// <summary>Given every tensor that the interpreter made.</summary>
    internal static bool Hold(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors) =>
        graph.Nodes.All(node => Holds(node.Operator, [.. node.Inputs.Select(i => Range.Of(tensors[i].Values))]));

    private static bool Holds(Operator op, Range[] x) => op switch
    {
        Conv2d convolution => ((x[0] * Range.Of(convolution.Weight) * (int)convolution.MacsPerOutput) + Range.Of(convolution.Bias)).IsExact,
        Affine affine => ((x[0] * Range.Of(affine.Scale, 1)) + Range.Of(affine.Bias)).IsExact,
        BatchNorm norm => Holds(norm, x[0]),
        WinogradConv2d => false,
        Scale scale => (x[0] * Range.Of([scale.Factor])).IsExact,
        LeakyRelu activation => (x[0] * Range.Of([activation.Slope])).IsExact,
        PRelu activation => (x[0] * Range.Of(activation.Slope)).IsExact,
        RPRelu activation => (((x[0] + Range.Of(activation.Shift)) * Range.Of([1, .. activation.Slope.Values])) + Range.Of(activation.Offset)).IsExact,
        Add or Subtract => (x[0] + x[1]).IsExact,
        Multiply => (x[0] * x[1]).IsExact,
        HardSigmoid or HardSwish or Sigmoid or Gelu or Softmax or GlobalAveragePool or Resize { Method: not ResizeMethod.Nearest } => false,

        // Shares are odd multiples of 1 / (2 * factor), and a value is weighted twice.
        ResizeBilinear { Factor: 1 or 2 or 4 } resize => (x[0] * new Range(1.0 / (4 * resize.Factor * resize.Factor), 1)).IsExact,
        ResizeBilinear => false,

        // A mean over a power of two of values.
        AveragePool { Kernel: (1 or 2, 2), CountsPadding: true } or AveragePool { Kernel: (2, 2), Window: { PadTop: 0, PadLeft: 0, PadBottom: 0, PadRight: 0 } } =>
            (x[0] * new Range(1.0 / 4, 1)).IsExact,
        AveragePool or LayerNorm => false,
        _ => true,
    };

    // With powers of two as factors, (x - mean) * factor + beta and x * factor + (beta - mean * factor) are both exact.
    private static bool Holds(BatchNorm norm, Range x)
    {
        float[] factors = [.. norm.Gamma.Values.Zip(norm.Variance.Values, (gamma, variance) => (float)(gamma / Math.Sqrt((double)variance + norm.Epsilon)))];
        return factors.All(f => f == 0 || Range.LowestBit(f) == Math.Abs(f)) && (((x + Range.Of(norm.Mean)) * Range.Of(factors)) + Range.Of(norm.Beta)).IsExact;
    }

    /// <summary>Values that are multiples of <paramref name="Unit"/>, a power of two, and no further from 0 than <paramref name="Largest"/>.</summary>
    private readonly record struct Range(double Unit, double Largest)
    {
        internal bool IsExact => Largest < LargestExact * Unit;

        public static Range operator +(Range left, Range right) => new(Math.Min(left.Unit, right.Unit), left.Largest + right.Largest);

        public static Range operator *(Range left, Range right) => new(left.Unit * right.Unit, left.Largest * right.Largest);

        public static Range operator *(Range range, int terms) => range with { Largest = range.Largest * terms };

        internal static Range Of(IEnumerable<float> values) => new(
            values.Where(v => v != 0).Select(LowestBit).DefaultIfEmpty(double.PositiveInfinity).Min(), values.Max(v => Math.Abs((double)v)));

        internal static Range Of(FloatTensor? weight, float otherwise = 0) => Of(weight is null ? [otherwise] : weight.Values);

        /// <summary>The greatest power of two that divides a value.</summary>
        internal static double LowestBit(float value)
        {
            int bits = BitConverter.SingleToInt32Bits(value), exponent = (bits >> 23) & 0xFF, mantissa = bits & 0x7FFFFF;
            if (exponent == 0) exponent = 1;
            else mantissa |= 0x800000;
            return Math.ScaleB(1, exponent - 150 + BitOperations.TrailingZeroCount(mantissa));
        }
    }
}

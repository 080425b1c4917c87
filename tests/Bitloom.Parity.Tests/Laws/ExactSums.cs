using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>
/// Tells whether every fp32 convolution and batch normalisation of a run is free of rounding in whatever order it is computed:
/// then engines must agree to the last bit, although in general they may not. A sum of K products is free of rounding if all
/// products are multiples of one power of two and the sum of their magnitudes is below 2^24 such units.
/// </summary>
internal static class ExactSums
{
    private const double LargestExact = 1 << 24;

    /// <summary>Given every tensor that the interpreter made.</summary>
    internal static bool Hold(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors) => graph.Nodes.All(node => node.Operator switch
    {
        Conv2d convolution => Holds(convolution, tensors[node.Inputs[0]]),
        BatchNorm norm => Holds(norm, tensors[node.Inputs[0]]),
        _ => true,
    });

    private static bool Holds(Conv2d convolution, Tensor x)
    {
        double unit = Unit(x.Values) * Unit(convolution.Weight.Values);
        double bias = 0;
        if (convolution.Bias is { } vector)
        {
            unit = Math.Min(unit, Unit(vector.Values));
            bias = Largest(vector.Values);
        }

        return (convolution.MacsPerOutput * Largest(x.Values) * Largest(convolution.Weight.Values)) + bias < LargestExact * unit;
    }

    // With powers of two as factors, (x - mean) * factor + beta and x * factor + (beta - mean * factor) are both exact.
    private static bool Holds(BatchNorm norm, Tensor x)
    {
        float[] factors = [.. norm.Gamma.Values.Zip(norm.Variance.Values, (gamma, variance) => (float)(gamma / Math.Sqrt((double)variance + norm.Epsilon)))];
        if (factors.Any(f => f != 0 && Unit([f]) != Math.Abs(f))) return false;
        double unit = Math.Min(Math.Min(Unit(x.Values), Unit(norm.Mean.Values)) * Unit(factors), Unit(norm.Beta.Values));
        return ((Largest(x.Values) + Largest(norm.Mean.Values)) * Largest(factors)) + Largest(norm.Beta.Values) < LargestExact * unit;
    }

    private static double Largest(IEnumerable<float> values) => values.Max(v => Math.Abs((double)v));

    /// <summary>The greatest power of two that divides all values.</summary>
    private static double Unit(IEnumerable<float> values) => values.Where(v => v != 0).Select(LowestBit).DefaultIfEmpty(1).Min();

    private static double LowestBit(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value), exponent = (bits >> 23) & 0xFF, mantissa = bits & 0x7FFFFF;
        if (exponent == 0) exponent = 1;
        else mantissa |= 0x800000;
        return Math.ScaleB(1, exponent - 150 + System.Numerics.BitOperations.TrailingZeroCount(mantissa));
    }
}

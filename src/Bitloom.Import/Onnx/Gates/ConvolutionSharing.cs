using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>Operators that take a node's place in one branch, one after the other.</summary>
/// <param name="Operators">One, or a convolution and its scale and bias.</param>
/// <param name="Deviation">How far weights are from those of the file, relative.</param>
internal sealed record OperatorChain(IReadOnlyList<Operator> Operators, double Deviation);

/// <summary>
/// One weight for the convolution of several branches. Exporters fold a batch norm into the convolution before it, which multiplies each
/// output channel by a scale of the branch; the scale is taken out again:
/// <code>
///   weight of branch b = shared weight * scale of branch b, for every output channel
/// </code>
/// The shared weight of a channel is that of the branch where it is largest, so that a scale near 0 in one branch loses nothing.
/// </summary>
internal static class ConvolutionSharing
{
    /// <summary>Largest relative difference that still is rounding.</summary>
    internal const double Tolerance = 1e-5;

    /// <summary>The operators of every branch; a deviation above <see cref="Tolerance"/> says that weights differ.</summary>
    internal static OperatorChain[] Share(Conv2d[] branches)
    {
        FloatTensor first = branches[0].Weight;
        if (branches.All(b => b.Weight.Values == first.Values)) return [.. branches.Select(b => new OperatorChain([b with { Weight = first }], 0))];
        int outputs = first.Shape[0], each = first.Values.Count / outputs;
        var shared = new float[first.Values.Count];
        var scales = branches.Select(_ => new float[outputs]).ToArray();
        var deviations = new double[branches.Length];
        for (int o = 0; o < outputs; o++)
        {
            int start = o * each;
            float[][] channels = [.. branches.Select(b => b.Weight.Values.AsSpan().Slice(start, each).ToArray())];
            float[] largest = channels.MaxBy(Energy)!;
            largest.CopyTo(shared, start);
            double energy = Energy(largest);
            for (int b = 0; b < branches.Length; b++)
            {
                double scale = energy == 0 ? 1 : channels[b].Zip(largest).Sum(p => (double)p.First * p.Second) / energy;
                scales[b][o] = (float)scale;
                deviations[b] = Math.Max(deviations[b], Deviation(channels[b], largest, scales[b][o]));
            }
        }

        FloatTensor weight = first with { Values = EquatableArray.Adopt(shared) };
        return [.. branches.Select((branch, b) => new OperatorChain(
            [branch with { Weight = weight, Bias = null }, new Affine(FloatTensor.Vector(branch.Weight.Name + ".scale", scales[b]), branch.Bias)], deviations[b]))];
    }

    private static double Energy(float[] values) => values.Sum(v => (double)v * v);

    private static double Deviation(float[] values, float[] shared, float scale)
    {
        double largest = values.Max(v => Math.Abs((double)v)), off = values.Zip(shared).Max(p => Math.Abs(p.First - ((double)p.Second * scale)));
        return off == 0 ? 0 : off / largest;
    }
}

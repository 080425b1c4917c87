using System.Globalization;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Harness;

/// <summary>How far two engines' values for one tensor lie apart.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Count">Values compared.</param>
/// <param name="Unequal">Values that differ at all; -0 equals 0, NaN equals nothing.</param>
/// <param name="Max">Greatest absolute difference; infinite where a value is not finite on one side only.</param>
/// <param name="Mean">Mean absolute difference.</param>
/// <param name="Spread">Standard deviation of the expected values, or 1 where all are equal: what differences are relative to.</param>
/// <param name="First">Where the first unequal value is, with both values.</param>
internal sealed record Difference(string Tensor, int Count, int Unequal, double Max, double Mean, double Spread, string First)
{
    /// <summary>Compares equal-sized tensors.</summary>
    internal static Difference Between(string name, Tensor expected, Tensor actual)
    {
        if ((expected.Channels, expected.Height, expected.Width) != (actual.Channels, actual.Height, actual.Width))
            return new Difference(name, expected.Values.Length, expected.Values.Length, double.PositiveInfinity, double.PositiveInfinity, 1, $"expected {expected}, got {actual}");

        int unequal = 0;
        double max = 0, sum = 0;
        string first = "";
        for (int i = 0; i < expected.Values.Length; i++)
        {
            float want = expected.Values[i], have = actual.Values[i];
            if (want == have) continue;
            if (unequal++ == 0) first = Place(expected, i, want, have);
            double distance = Math.Abs((double)want - have);
            if (double.IsNaN(distance)) distance = double.PositiveInfinity;
            max = Math.Max(max, distance);
            sum += distance;
        }

        return new Difference(name, expected.Values.Length, unequal, max, sum / expected.Values.Length, SpreadOf(expected), first);
    }

    /// <summary>Compares all outputs.</summary>
    internal static Difference[] BetweenAll(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual) =>
        [.. expected.Select(e => Between(e.Key, e.Value, actual[e.Key]))];

    /// <summary>The tensor whose values are bit for bit different, in words, or null; here -0 differs from 0.</summary>
    internal static string? InBits(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual)
    {
        foreach ((string name, Tensor want) in expected)
        {
            float[] values = actual[name].Values;
            for (int i = 0; i < want.Values.Length; i++)
                if (BitConverter.SingleToInt32Bits(want.Values[i]) != BitConverter.SingleToInt32Bits(values[i]))
                    return $"{name} differs {Place(want, i, want.Values[i], values[i])}";
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Tensor}: {Unequal} of {Count} values differ, max {Max:g3} mean {Mean:g3}, spread {Spread:g3}; first {First}");

    private static string Place(Tensor tensor, int index, float want, float have)
    {
        int plane = tensor.PlaneSize, within = index % plane;
        return string.Create(CultureInfo.InvariantCulture, $"at ({index / plane}, {within / tensor.Width}, {within % tensor.Width}): expected {want:R}, got {have:R}");
    }

    internal static double SpreadOf(Tensor tensor)
    {
        double mean = tensor.Values.Average(v => (double)v), variance = tensor.Values.Average(v => (v - mean) * (v - mean));
        return variance > 0 ? Math.Sqrt(variance) : 1;
    }
}

using System.Runtime.InteropServices;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// The sign of <c>x * scale + bias</c> as one comparison. With both roundings to single precision the sum never falls as x rises (never
/// rises, where the scale is negative), so it changes its sign at one number: found by bisection, it gives the same bit for every x.
/// <code>
///   x * scale + bias >= 0   if and only if   x >= threshold                 scale >= 0
///                                            not (x >= threshold)           scale &lt; 0
/// </code>
/// </summary>
/// <param name="Threshold">Per channel; null for 0.</param>
/// <param name="Direction">Per channel: -1 where the comparison is turned over, else 1; null where none is.</param>
internal sealed record SignThreshold(FloatTensor? Threshold, FloatTensor? Direction)
{
    /// <summary>The comparison for a sign that an affine precedes, or nothing.</summary>
    internal static SignThreshold Of(Affine? before)
    {
        if (before?.Scale is not { } scale)
            return new SignThreshold(before?.Bias is { } bias ? FloatTensor.Vector(bias.Name, [.. bias.Values.Select(b => -b)]) : null, null);

        float[] thresholds = [.. scale.Values.Select((s, c) => FirstChange(s, before.Bias?.Values[c] ?? 0))];
        return new SignThreshold(
            FloatTensor.Vector((before.Bias ?? scale).Name, thresholds),
            scale.Values.Any(s => s < 0) ? FloatTensor.Vector(scale.Name, [.. scale.Values.Select(s => s < 0 ? -1f : 1f)]) : null);
    }

    // The least of all numbers and infinities that is on the other side of the change than negative infinity.
    private static float FirstChange(float scale, float bias)
    {
        bool IsBeyond(float x)
        {
            float product = (float)(x * scale);
            return ((float)(product + bias) >= 0) == (scale > 0);
        }

        if (scale == 0) return bias >= 0 ? float.NegativeInfinity : float.NaN;
        int before = Rank(float.NegativeInfinity), beyond = Rank(float.PositiveInfinity);
        while (beyond - (long)before > 1)
        {
            int middle = (int)((before + (long)beyond) >> 1);
            if (IsBeyond(OfRank(middle))) beyond = middle;
            else before = middle;
        }

        return OfRank(beyond);
    }

    // Numbers in their order as integers: the bits of a positive number, and below 0 those of a negative one turned around.
    private static int Rank(float value)
    {
        int bits = MemoryMarshal.Cast<float, int>([value])[0];
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    private static float OfRank(int rank) => MemoryMarshal.Cast<int, float>([rank >= 0 ? rank : int.MinValue - rank])[0];
}

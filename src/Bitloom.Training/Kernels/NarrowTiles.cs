using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>
/// The inner loops for processors whose vectors have 256 bits. A position of 16 pixels is two vectors; 4 channels at a time need 8 of 16
/// registers for sums (weight gradients: 4 channels by 3 taps, 12 of 16).
/// </summary>
internal static unsafe class NarrowTiles
{
    private const int Half = Correlation.Lanes / 2;

    /// <summary>As <see cref="CorrelationTile.RunOne"/>.</summary>
    internal static void Correlate(float* x, int* offsets, int count, float* weights, float* sums)
    {
        CorrelateFour(x, offsets, count, weights, sums);
        CorrelateFour(x, offsets, count, weights + 4, sums + (4 * Correlation.Lanes));
    }

    /// <summary>As <see cref="WeightGradientTile.Run"/>; of each sum's 16 lanes, the upper 8 are 0.</summary>
    internal static void SumProducts(float* g, nint stride, float* source, int* offsets, int* positions, int count, float* sums)
    {
        SumThreeTaps(g, stride, source, offsets, positions, count, sums);
        SumThreeTaps(g, stride, source, offsets + 3, positions, count, sums + (3 * Correlation.Lanes));
    }

    private static void CorrelateFour(float* x, int* offsets, int count, float* weights, float* sums)
    {
        Vector256<float> s0a = Vector256<float>.Zero, s0b = Vector256<float>.Zero;
        Vector256<float> s1a = Vector256<float>.Zero, s1b = Vector256<float>.Zero;
        Vector256<float> s2a = Vector256<float>.Zero, s2b = Vector256<float>.Zero;
        Vector256<float> s3a = Vector256<float>.Zero, s3b = Vector256<float>.Zero;
        for (int k = 0; k < count; k++, weights += CorrelationTile.Outputs)
        {
            float* at = x + offsets[k];
            Vector256<float> a = Vector256.Load(at), b = Vector256.Load(at + Half);
            Vector256<float> w0 = Vector256.Create(weights[0]);
            s0a = Vector256.FusedMultiplyAdd(a, w0, s0a);
            s0b = Vector256.FusedMultiplyAdd(b, w0, s0b);
            Vector256<float> w1 = Vector256.Create(weights[1]);
            s1a = Vector256.FusedMultiplyAdd(a, w1, s1a);
            s1b = Vector256.FusedMultiplyAdd(b, w1, s1b);
            Vector256<float> w2 = Vector256.Create(weights[2]);
            s2a = Vector256.FusedMultiplyAdd(a, w2, s2a);
            s2b = Vector256.FusedMultiplyAdd(b, w2, s2b);
            Vector256<float> w3 = Vector256.Create(weights[3]);
            s3a = Vector256.FusedMultiplyAdd(a, w3, s3a);
            s3b = Vector256.FusedMultiplyAdd(b, w3, s3b);
        }

        s0a.Store(sums + 0);
        s0b.Store(sums + 8);
        s1a.Store(sums + 16);
        s1b.Store(sums + 24);
        s2a.Store(sums + 32);
        s2b.Store(sums + 40);
        s3a.Store(sums + 48);
        s3b.Store(sums + 56);
    }

    private static void SumThreeTaps(float* g, nint stride, float* source, int* offsets, int* positions, int count, float* sums)
    {
        float* x0 = source + offsets[0], x1 = source + offsets[1], x2 = source + offsets[2];
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero, s02 = Vector256<float>.Zero;
        Vector256<float> s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero, s12 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero, s22 = Vector256<float>.Zero;
        Vector256<float> s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero, s32 = Vector256<float>.Zero;
        for (int n = 0; n < count; n++, g += Correlation.Lanes)
        {
            for (int half = 0; half < Correlation.Lanes; half += Half)
            {
                nint at = positions[n] + half;
                float* plane = g + half;
                Vector256<float> a = Vector256.Load(x0 + at), b = Vector256.Load(x1 + at), c = Vector256.Load(x2 + at);
                Vector256<float> g0 = Vector256.Load(plane);
                s00 = Vector256.FusedMultiplyAdd(a, g0, s00);
                s01 = Vector256.FusedMultiplyAdd(b, g0, s01);
                s02 = Vector256.FusedMultiplyAdd(c, g0, s02);
                Vector256<float> g1 = Vector256.Load(plane + stride);
                s10 = Vector256.FusedMultiplyAdd(a, g1, s10);
                s11 = Vector256.FusedMultiplyAdd(b, g1, s11);
                s12 = Vector256.FusedMultiplyAdd(c, g1, s12);
                Vector256<float> g2 = Vector256.Load(plane + (2 * stride));
                s20 = Vector256.FusedMultiplyAdd(a, g2, s20);
                s21 = Vector256.FusedMultiplyAdd(b, g2, s21);
                s22 = Vector256.FusedMultiplyAdd(c, g2, s22);
                Vector256<float> g3 = Vector256.Load(plane + (3 * stride));
                s30 = Vector256.FusedMultiplyAdd(a, g3, s30);
                s31 = Vector256.FusedMultiplyAdd(b, g3, s31);
                s32 = Vector256.FusedMultiplyAdd(c, g3, s32);
            }
        }

        const int next = WeightGradientTile.Taps * Correlation.Lanes;
        Store(s00, sums + (0 * next) + (0 * Correlation.Lanes));
        Store(s01, sums + (0 * next) + (1 * Correlation.Lanes));
        Store(s02, sums + (0 * next) + (2 * Correlation.Lanes));
        Store(s10, sums + (1 * next) + (0 * Correlation.Lanes));
        Store(s11, sums + (1 * next) + (1 * Correlation.Lanes));
        Store(s12, sums + (1 * next) + (2 * Correlation.Lanes));
        Store(s20, sums + (2 * next) + (0 * Correlation.Lanes));
        Store(s21, sums + (2 * next) + (1 * Correlation.Lanes));
        Store(s22, sums + (2 * next) + (2 * Correlation.Lanes));
        Store(s30, sums + (3 * next) + (0 * Correlation.Lanes));
        Store(s31, sums + (3 * next) + (1 * Correlation.Lanes));
        Store(s32, sums + (3 * next) + (2 * Correlation.Lanes));
    }

    private static void Store(Vector256<float> sum, float* target)
    {
        sum.Store(target);
        Vector256<float>.Zero.Store(target + Half);
    }
}

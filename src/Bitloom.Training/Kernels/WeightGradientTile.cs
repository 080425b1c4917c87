using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>
/// The inner loop of weight gradients: 4 planes of output gradients by 6 taps, 24 sums in registers over all pixels,
/// <c>sum[o, k] = sum over n of gradient[o][n] * source[offset[k] + n]</c>. Lanes are pixels, added up at the end.
/// </summary>
internal static unsafe class WeightGradientTile
{
    /// <summary>Output channels of a tile.</summary>
    internal const int Outputs = 4;

    /// <summary>Taps of a tile.</summary>
    internal const int Taps = 6;

    /// <summary>Sums over pixels.</summary>
    /// <param name="g">The first output gradient; vector n is at 16 n.</param>
    /// <param name="stride">Floats to the next output's.</param>
    /// <param name="source">The source planes.</param>
    /// <param name="offsets">Six taps.</param>
    /// <param name="positions">Where the taps of each vector start.</param>
    /// <param name="count">Vectors.</param>
    /// <param name="sums">Receives 4 x 6 vectors, aligned.</param>
    internal static void Run(float* g, nint stride, float* source, int* offsets, int* positions, int count, float* sums)
    {
        float* x0 = source + offsets[0], x1 = source + offsets[1], x2 = source + offsets[2];
        float* x3 = source + offsets[3], x4 = source + offsets[4], x5 = source + offsets[5];
        nint stride2 = 2 * stride, stride3 = 3 * stride;
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s02 = Vector512<float>.Zero;
        Vector512<float> s03 = Vector512<float>.Zero, s04 = Vector512<float>.Zero, s05 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero, s12 = Vector512<float>.Zero;
        Vector512<float> s13 = Vector512<float>.Zero, s14 = Vector512<float>.Zero, s15 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s22 = Vector512<float>.Zero;
        Vector512<float> s23 = Vector512<float>.Zero, s24 = Vector512<float>.Zero, s25 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero, s32 = Vector512<float>.Zero;
        Vector512<float> s33 = Vector512<float>.Zero, s34 = Vector512<float>.Zero, s35 = Vector512<float>.Zero;
        for (int n = 0; n < count; n++, g += Correlation.Lanes)
        {
            nint at = positions[n];
            Vector512<float> a = Vector512.Load(g), b = Vector512.Load(g + stride), c = Vector512.Load(g + stride2), d = Vector512.Load(g + stride3);
            Vector512<float> v0 = Vector512.Load(x0 + at);
            s00 = Vector512.FusedMultiplyAdd(a, v0, s00);
            s10 = Vector512.FusedMultiplyAdd(b, v0, s10);
            s20 = Vector512.FusedMultiplyAdd(c, v0, s20);
            s30 = Vector512.FusedMultiplyAdd(d, v0, s30);
            Vector512<float> v1 = Vector512.Load(x1 + at);
            s01 = Vector512.FusedMultiplyAdd(a, v1, s01);
            s11 = Vector512.FusedMultiplyAdd(b, v1, s11);
            s21 = Vector512.FusedMultiplyAdd(c, v1, s21);
            s31 = Vector512.FusedMultiplyAdd(d, v1, s31);
            Vector512<float> v2 = Vector512.Load(x2 + at);
            s02 = Vector512.FusedMultiplyAdd(a, v2, s02);
            s12 = Vector512.FusedMultiplyAdd(b, v2, s12);
            s22 = Vector512.FusedMultiplyAdd(c, v2, s22);
            s32 = Vector512.FusedMultiplyAdd(d, v2, s32);
            Vector512<float> v3 = Vector512.Load(x3 + at);
            s03 = Vector512.FusedMultiplyAdd(a, v3, s03);
            s13 = Vector512.FusedMultiplyAdd(b, v3, s13);
            s23 = Vector512.FusedMultiplyAdd(c, v3, s23);
            s33 = Vector512.FusedMultiplyAdd(d, v3, s33);
            Vector512<float> v4 = Vector512.Load(x4 + at);
            s04 = Vector512.FusedMultiplyAdd(a, v4, s04);
            s14 = Vector512.FusedMultiplyAdd(b, v4, s14);
            s24 = Vector512.FusedMultiplyAdd(c, v4, s24);
            s34 = Vector512.FusedMultiplyAdd(d, v4, s34);
            Vector512<float> v5 = Vector512.Load(x5 + at);
            s05 = Vector512.FusedMultiplyAdd(a, v5, s05);
            s15 = Vector512.FusedMultiplyAdd(b, v5, s15);
            s25 = Vector512.FusedMultiplyAdd(c, v5, s25);
            s35 = Vector512.FusedMultiplyAdd(d, v5, s35);
        }

        s00.Store(sums + 0); s01.Store(sums + 16); s02.Store(sums + 32);
        s03.Store(sums + 48); s04.Store(sums + 64); s05.Store(sums + 80);
        s10.Store(sums + 96); s11.Store(sums + 112); s12.Store(sums + 128);
        s13.Store(sums + 144); s14.Store(sums + 160); s15.Store(sums + 176);
        s20.Store(sums + 192); s21.Store(sums + 208); s22.Store(sums + 224);
        s23.Store(sums + 240); s24.Store(sums + 256); s25.Store(sums + 272);
        s30.Store(sums + 288); s31.Store(sums + 304); s32.Store(sums + 320);
        s33.Store(sums + 336); s34.Store(sums + 352); s35.Store(sums + 368);
    }
}

using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>
/// The inner loop of a correlation: 8 output channels by 3 vectors of 16 pixels stay in 24 registers while all weights pass. A weight costs
/// a broadcast for three multiply-adds and a pixel vector a load for eight, so that the multiply-adds alone set the pace.
/// </summary>
internal static unsafe class CorrelationTile
{
    /// <summary>Output channels of a tile.</summary>
    internal const int Outputs = 8;

    /// <summary>Vectors of a tile.</summary>
    internal const int Vectors = 3;

    /// <summary>Sums of 8 channels at three positions.</summary>
    /// <param name="x0">Source at the first position.</param>
    /// <param name="x1">Source at the second position.</param>
    /// <param name="x2">Source at the third position.</param>
    /// <param name="offsets">What each weight reads, from a position.</param>
    /// <param name="count">Weights of a channel.</param>
    /// <param name="weights">8 channels' weights beside one another, count times.</param>
    /// <param name="sums">Receives 8 x 3 vectors, aligned.</param>
    internal static void Run(float* x0, float* x1, float* x2, int* offsets, int count, float* weights, float* sums)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s02 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero, s12 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s22 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero, s32 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero, s41 = Vector512<float>.Zero, s42 = Vector512<float>.Zero;
        Vector512<float> s50 = Vector512<float>.Zero, s51 = Vector512<float>.Zero, s52 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero, s61 = Vector512<float>.Zero, s62 = Vector512<float>.Zero;
        Vector512<float> s70 = Vector512<float>.Zero, s71 = Vector512<float>.Zero, s72 = Vector512<float>.Zero;
        for (int k = 0; k < count; k++, weights += Outputs)
        {
            nint offset = offsets[k];
            Vector512<float> a = Vector512.Load(x0 + offset), b = Vector512.Load(x1 + offset), c = Vector512.Load(x2 + offset);
            Vector512<float> w0 = Vector512.Create(weights[0]);
            s00 = Vector512.FusedMultiplyAdd(a, w0, s00);
            s01 = Vector512.FusedMultiplyAdd(b, w0, s01);
            s02 = Vector512.FusedMultiplyAdd(c, w0, s02);
            Vector512<float> w1 = Vector512.Create(weights[1]);
            s10 = Vector512.FusedMultiplyAdd(a, w1, s10);
            s11 = Vector512.FusedMultiplyAdd(b, w1, s11);
            s12 = Vector512.FusedMultiplyAdd(c, w1, s12);
            Vector512<float> w2 = Vector512.Create(weights[2]);
            s20 = Vector512.FusedMultiplyAdd(a, w2, s20);
            s21 = Vector512.FusedMultiplyAdd(b, w2, s21);
            s22 = Vector512.FusedMultiplyAdd(c, w2, s22);
            Vector512<float> w3 = Vector512.Create(weights[3]);
            s30 = Vector512.FusedMultiplyAdd(a, w3, s30);
            s31 = Vector512.FusedMultiplyAdd(b, w3, s31);
            s32 = Vector512.FusedMultiplyAdd(c, w3, s32);
            Vector512<float> w4 = Vector512.Create(weights[4]);
            s40 = Vector512.FusedMultiplyAdd(a, w4, s40);
            s41 = Vector512.FusedMultiplyAdd(b, w4, s41);
            s42 = Vector512.FusedMultiplyAdd(c, w4, s42);
            Vector512<float> w5 = Vector512.Create(weights[5]);
            s50 = Vector512.FusedMultiplyAdd(a, w5, s50);
            s51 = Vector512.FusedMultiplyAdd(b, w5, s51);
            s52 = Vector512.FusedMultiplyAdd(c, w5, s52);
            Vector512<float> w6 = Vector512.Create(weights[6]);
            s60 = Vector512.FusedMultiplyAdd(a, w6, s60);
            s61 = Vector512.FusedMultiplyAdd(b, w6, s61);
            s62 = Vector512.FusedMultiplyAdd(c, w6, s62);
            Vector512<float> w7 = Vector512.Create(weights[7]);
            s70 = Vector512.FusedMultiplyAdd(a, w7, s70);
            s71 = Vector512.FusedMultiplyAdd(b, w7, s71);
            s72 = Vector512.FusedMultiplyAdd(c, w7, s72);
        }

        s00.Store(sums + 0); s01.Store(sums + 16); s02.Store(sums + 32);
        s10.Store(sums + 48); s11.Store(sums + 64); s12.Store(sums + 80);
        s20.Store(sums + 96); s21.Store(sums + 112); s22.Store(sums + 128);
        s30.Store(sums + 144); s31.Store(sums + 160); s32.Store(sums + 176);
        s40.Store(sums + 192); s41.Store(sums + 208); s42.Store(sums + 224);
        s50.Store(sums + 240); s51.Store(sums + 256); s52.Store(sums + 272);
        s60.Store(sums + 288); s61.Store(sums + 304); s62.Store(sums + 320);
        s70.Store(sums + 336); s71.Store(sums + 352); s72.Store(sums + 368);
    }

    /// <summary>As <see cref="Run"/>, at one position: 8 vectors.</summary>
    internal static void RunOne(float* x, int* offsets, int count, float* weights, float* sums)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = Vector512<float>.Zero, s2 = Vector512<float>.Zero, s3 = Vector512<float>.Zero;
        Vector512<float> s4 = Vector512<float>.Zero, s5 = Vector512<float>.Zero, s6 = Vector512<float>.Zero, s7 = Vector512<float>.Zero;
        for (int k = 0; k < count; k++, weights += Outputs)
        {
            Vector512<float> a = Vector512.Load(x + offsets[k]);
            s0 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[0]), s0);
            s1 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[1]), s1);
            s2 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[2]), s2);
            s3 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[3]), s3);
            s4 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[4]), s4);
            s5 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[5]), s5);
            s6 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[6]), s6);
            s7 = Vector512.FusedMultiplyAdd(a, Vector512.Create(weights[7]), s7);
        }

        s0.Store(sums + 0);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        s4.Store(sums + 64);
        s5.Store(sums + 80);
        s6.Store(sums + 96);
        s7.Store(sums + 112);
    }
}

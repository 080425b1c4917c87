using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Training.Kernels;

/// <summary>
/// The inner loop of a correlation of signs, with 16-bit sums. A lane of 32 bits is a pixel with four channels, a byte each: 0 for -1, 1 for
/// padding, 2 for +1. One instruction multiplies by four signs of weights and adds pairs, a second adds to the sums: two for 64 products,
/// where single precision needs four. A sum is then that of the signs plus the sum of the weights, exactly.
/// </summary>
internal static unsafe class SignTile
{
    /// <summary>Sums of 8 channels at three positions, as integers in single precision.</summary>
    /// <param name="x0">Source at the first position.</param>
    /// <param name="x1">Source at the second position.</param>
    /// <param name="x2">Source at the third position.</param>
    /// <param name="offsets">What each four weights read, from a position.</param>
    /// <param name="count">Fours of weights of a channel.</param>
    /// <param name="weights">8 channels' fours beside one another, count times.</param>
    /// <param name="totals">The sum of each channel's weights.</param>
    /// <param name="sums">Receives 8 x 3 vectors, aligned.</param>
    internal static void Run(uint* x0, uint* x1, uint* x2, int* offsets, int count, uint* weights, int* totals, float* sums)
    {
        Vector512<short> s00 = Vector512<short>.Zero, s01 = Vector512<short>.Zero, s02 = Vector512<short>.Zero;
        Vector512<short> s10 = Vector512<short>.Zero, s11 = Vector512<short>.Zero, s12 = Vector512<short>.Zero;
        Vector512<short> s20 = Vector512<short>.Zero, s21 = Vector512<short>.Zero, s22 = Vector512<short>.Zero;
        Vector512<short> s30 = Vector512<short>.Zero, s31 = Vector512<short>.Zero, s32 = Vector512<short>.Zero;
        Vector512<short> s40 = Vector512<short>.Zero, s41 = Vector512<short>.Zero, s42 = Vector512<short>.Zero;
        Vector512<short> s50 = Vector512<short>.Zero, s51 = Vector512<short>.Zero, s52 = Vector512<short>.Zero;
        Vector512<short> s60 = Vector512<short>.Zero, s61 = Vector512<short>.Zero, s62 = Vector512<short>.Zero;
        Vector512<short> s70 = Vector512<short>.Zero, s71 = Vector512<short>.Zero, s72 = Vector512<short>.Zero;
        for (int k = 0; k < count; k++, weights += CorrelationTile.Outputs)
        {
            nint offset = offsets[k];
            Vector512<byte> a = Vector512.Load(x0 + offset).AsByte(), b = Vector512.Load(x1 + offset).AsByte(), c = Vector512.Load(x2 + offset).AsByte();
            Vector512<sbyte> w0 = Vector512.Create(weights[0]).AsSByte();
            s00 += Avx512BW.MultiplyAddAdjacent(a, w0);
            s01 += Avx512BW.MultiplyAddAdjacent(b, w0);
            s02 += Avx512BW.MultiplyAddAdjacent(c, w0);
            Vector512<sbyte> w1 = Vector512.Create(weights[1]).AsSByte();
            s10 += Avx512BW.MultiplyAddAdjacent(a, w1);
            s11 += Avx512BW.MultiplyAddAdjacent(b, w1);
            s12 += Avx512BW.MultiplyAddAdjacent(c, w1);
            Vector512<sbyte> w2 = Vector512.Create(weights[2]).AsSByte();
            s20 += Avx512BW.MultiplyAddAdjacent(a, w2);
            s21 += Avx512BW.MultiplyAddAdjacent(b, w2);
            s22 += Avx512BW.MultiplyAddAdjacent(c, w2);
            Vector512<sbyte> w3 = Vector512.Create(weights[3]).AsSByte();
            s30 += Avx512BW.MultiplyAddAdjacent(a, w3);
            s31 += Avx512BW.MultiplyAddAdjacent(b, w3);
            s32 += Avx512BW.MultiplyAddAdjacent(c, w3);
            Vector512<sbyte> w4 = Vector512.Create(weights[4]).AsSByte();
            s40 += Avx512BW.MultiplyAddAdjacent(a, w4);
            s41 += Avx512BW.MultiplyAddAdjacent(b, w4);
            s42 += Avx512BW.MultiplyAddAdjacent(c, w4);
            Vector512<sbyte> w5 = Vector512.Create(weights[5]).AsSByte();
            s50 += Avx512BW.MultiplyAddAdjacent(a, w5);
            s51 += Avx512BW.MultiplyAddAdjacent(b, w5);
            s52 += Avx512BW.MultiplyAddAdjacent(c, w5);
            Vector512<sbyte> w6 = Vector512.Create(weights[6]).AsSByte();
            s60 += Avx512BW.MultiplyAddAdjacent(a, w6);
            s61 += Avx512BW.MultiplyAddAdjacent(b, w6);
            s62 += Avx512BW.MultiplyAddAdjacent(c, w6);
            Vector512<sbyte> w7 = Vector512.Create(weights[7]).AsSByte();
            s70 += Avx512BW.MultiplyAddAdjacent(a, w7);
            s71 += Avx512BW.MultiplyAddAdjacent(b, w7);
            s72 += Avx512BW.MultiplyAddAdjacent(c, w7);
        }

        Store(s00, totals[0], sums + 0);
        Store(s01, totals[0], sums + 16);
        Store(s02, totals[0], sums + 32);
        Store(s10, totals[1], sums + 48);
        Store(s11, totals[1], sums + 64);
        Store(s12, totals[1], sums + 80);
        Store(s20, totals[2], sums + 96);
        Store(s21, totals[2], sums + 112);
        Store(s22, totals[2], sums + 128);
        Store(s30, totals[3], sums + 144);
        Store(s31, totals[3], sums + 160);
        Store(s32, totals[3], sums + 176);
        Store(s40, totals[4], sums + 192);
        Store(s41, totals[4], sums + 208);
        Store(s42, totals[4], sums + 224);
        Store(s50, totals[5], sums + 240);
        Store(s51, totals[5], sums + 256);
        Store(s52, totals[5], sums + 272);
        Store(s60, totals[6], sums + 288);
        Store(s61, totals[6], sums + 304);
        Store(s62, totals[6], sums + 320);
        Store(s70, totals[7], sums + 336);
        Store(s71, totals[7], sums + 352);
        Store(s72, totals[7], sums + 368);
    }

    private static void Store(Vector512<short> sum, int total, float* target) =>
        Vector512.ConvertToSingle(Avx512BW.MultiplyAddAdjacent(sum, Vector512<short>.One) - Vector512.Create(total)).Store(target);
}

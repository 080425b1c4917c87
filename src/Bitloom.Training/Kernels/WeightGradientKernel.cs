using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Training.Kernels;

/// <summary>The gradient of a correlation's weights: for each output channel and tap the sum of products over all pixels.</summary>
internal static unsafe class WeightGradientKernel
{
    // So many vectors of 4 gradient planes fit the first-level cache beside what taps read.
    private const int Block = 64;

    /// <summary>The taps filled up to whole tiles.</summary>
    internal static int[] PadOffsets(Correlation correlation)
    {
        int[] offsets = correlation.Offsets;
        int padded = (offsets.Length + WeightGradientTile.Taps - 1) / WeightGradientTile.Taps * WeightGradientTile.Taps;
        return [.. offsets, .. Enumerable.Repeat(offsets[0], padded - offsets.Length)];
    }

    /// <summary>Adds to the gradients.</summary>
    /// <param name="correlation">The layout.</param>
    /// <param name="paddedOffsets">From <see cref="PadOffsets"/>.</param>
    /// <param name="source">Source planes in that layout.</param>
    /// <param name="g">Output gradients; vector n is at 16 n, zero in gaps. Readable for 3 planes more.</param>
    /// <param name="stride">Floats from one output's gradient to the next.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="gradient">outputs x taps sums, added to.</param>
    internal static void Run(Correlation correlation, int[] paddedOffsets, float* source, float* g, nint stride, int outputs, float* gradient)
    {
        int taps = correlation.Offsets.Length, count = correlation.Positions.Length;
        Vector512<float>* aligned = stackalloc Vector512<float>[(WeightGradientTile.Outputs * WeightGradientTile.Taps) + 1];
        float* sums = (float*)(((nint)aligned + 63) & ~(nint)63);
        fixed (int* positions = correlation.Positions, offsets = paddedOffsets)
        {
            for (int start = 0; start < count; start += Block)
            {
                int vectors = Math.Min(Block, count - start);
                for (int o = 0; o < outputs; o += WeightGradientTile.Outputs)
                {
                    for (int k = 0; k < taps; k += WeightGradientTile.Taps)
                    {
                        float* planes = g + (o * stride) + ((nint)start * Correlation.Lanes);
                        if (Vector512.IsHardwareAccelerated) WeightGradientTile.Run(planes, stride, source, offsets + k, positions + start, vectors, sums);
                        else NarrowTiles.SumProducts(planes, stride, source, offsets + k, positions + start, vectors, sums);
                        Add(sums, gradient + ((nint)o * taps) + k, taps, Math.Min(WeightGradientTile.Outputs, outputs - o), Math.Min(WeightGradientTile.Taps, taps - k));
                    }
                }
            }
        }
    }

    private static void Add(float* sums, float* gradient, int taps, int outputs, int valid)
    {
        const int next = WeightGradientTile.Taps * Correlation.Lanes;
        for (int k = 0; k < valid; k++, sums += Correlation.Lanes, gradient++)
        {
            Vector128<float> four = SumFour(Vector512.Load(sums), Vector512.Load(sums + next), Vector512.Load(sums + (2 * next)), Vector512.Load(sums + (3 * next)));
            for (int o = 0; o < outputs; o++) gradient[(nint)o * taps] += four[o];
        }
    }

    // The sums of four vectors' lanes, by halves: pairs of lanes of a and b (c and d) side by side, then all four, then 128-bit parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumFour(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        if (!Avx512F.IsSupported) return Vector128.Create(Elementwise.SumLanes(a), Elementwise.SumLanes(b), Elementwise.SumLanes(c), Elementwise.SumLanes(d));
        Vector512<float> ab = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b), cd = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
        Vector512<float> all = Avx512F.Shuffle(ab, cd, 0x44) + Avx512F.Shuffle(ab, cd, 0xEE);
        Vector256<float> half = all.GetLower() + all.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}

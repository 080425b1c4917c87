using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Kernels;

/// <summary>Turns the sums of a tile whose lanes are output channels into planes.</summary>
public static unsafe class TileTranspose
{
    private const int Lanes = 16;

    // Halves of two vectors, one after the other, as controls of a shuffle.
    private const byte LowHalves = 0x44, HighHalves = 0xEE;

    /// <summary>Writes <c>target[channel * stride + pixel] = sums[pixel * channels + channel]</c>.</summary>
    /// <param name="sums">Pixels x channels.</param>
    /// <param name="pixels">Pixels.</param>
    /// <param name="channels">Channels, a multiple of 4.</param>
    /// <param name="target">A run of pixels for each channel.</param>
    /// <param name="stride">Values from one channel's run to the next, 3 more than pixels at least: they are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* sums, int pixels, int channels, float* target, nint stride)
    {
        int done = 0;
        if (Avx512F.IsSupported && channels == 4) done = PhasesByVectors(sums, pixels, target, stride);
        else if (Avx512F.IsSupported && channels % Lanes == 0) done = BlocksByVectors(sums, pixels, channels, target, stride);
        for (int channel = 0; channel < channels; channel += 4)
        {
            float* write = target + (channel * stride);
            for (int pixel = done; pixel < pixels; pixel += 4)
            {
                float* read = sums + ((nint)pixel * channels) + channel;
                Vector128<float> a = Vector128.Load(read), b = Vector128.Load(read + channels);
                Vector128<float> c = Vector128.Load(read + (2 * channels)), d = Vector128.Load(read + (3 * channels));
                (Vector128<float> a0c0, Vector128<float> a2c2) = Interleave(a, c);
                (Vector128<float> b0d0, Vector128<float> b2d2) = Interleave(b, d);
                (Vector128<float> first, Vector128<float> second) = Interleave(a0c0, b0d0);
                (Vector128<float> third, Vector128<float> fourth) = Interleave(a2c2, b2d2);
                first.Store(write + pixel);
                second.Store(write + stride + pixel);
                third.Store(write + (2 * stride) + pixel);
                fourth.Store(write + (3 * stride) + pixel);
            }
        }
    }

    // 16 pixels x 16 channels at a time; returns the pixels done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int BlocksByVectors(float* sums, int pixels, int channels, float* target, nint stride)
    {
        int done = pixels / Lanes * Lanes;
        nint rows = 4 * (nint)channels;
        for (int channel = 0; channel < channels; channel += Lanes)
        {
            float* write = target + (channel * stride);
            for (int pixel = 0; pixel < done; pixel += Lanes)
            {
                // Of four pixels, vector i has channels i, 4 + i, 8 + i and 12 + i.
                float* read = sums + ((nint)pixel * channels) + channel;
                Transpose(read, channels, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
                Transpose(read + rows, channels, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
                Transpose(read + (2 * rows), channels, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
                Transpose(read + (3 * rows), channels, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
                StoreJoined(a0, b0, c0, d0, write + pixel, stride);
                StoreJoined(a1, b1, c1, d1, write + stride + pixel, stride);
                StoreJoined(a2, b2, c2, d2, write + (2 * stride) + pixel, stride);
                StoreJoined(a3, b3, c3, d3, write + (3 * stride) + pixel, stride);
            }
        }

        return done;
    }

    // 16 pixels of four channels at a time, which lie side by side; returns the pixels done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PhasesByVectors(float* sums, int pixels, float* target, nint stride)
    {
        Vector512<int> firstTwo = Vector512.Create(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29), lastTwo = firstTwo + Vector512.Create(2);
        int done = pixels / Lanes * Lanes;
        for (int pixel = 0; pixel < done; pixel += Lanes)
        {
            float* read = sums + ((nint)pixel * 4);
            Vector512<float> a = Vector512.Load(read), b = Vector512.Load(read + 16), c = Vector512.Load(read + 32), d = Vector512.Load(read + 48);
            Vector512<float> ab01 = Avx512F.PermuteVar16x32x2(a, firstTwo, b), ab23 = Avx512F.PermuteVar16x32x2(a, lastTwo, b);
            Vector512<float> cd01 = Avx512F.PermuteVar16x32x2(c, firstTwo, d), cd23 = Avx512F.PermuteVar16x32x2(c, lastTwo, d);
            Avx512F.Shuffle4x128(ab01, cd01, LowHalves).Store(target + pixel);
            Avx512F.Shuffle4x128(ab01, cd01, HighHalves).Store(target + stride + pixel);
            Avx512F.Shuffle4x128(ab23, cd23, LowHalves).Store(target + (2 * stride) + pixel);
            Avx512F.Shuffle4x128(ab23, cd23, HighHalves).Store(target + (3 * stride) + pixel);
        }

        return done;
    }

    // Four rows, transposed within every 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* rows, nint stride, out Vector512<float> first, out Vector512<float> second, out Vector512<float> third, out Vector512<float> fourth)
    {
        Vector512<float> a = Vector512.Load(rows), b = Vector512.Load(rows + stride), c = Vector512.Load(rows + (2 * stride)), d = Vector512.Load(rows + (3 * stride));
        Vector512<float> a0c0 = Avx512F.UnpackLow(a, c), a2c2 = Avx512F.UnpackHigh(a, c), b0d0 = Avx512F.UnpackLow(b, d), b2d2 = Avx512F.UnpackHigh(b, d);
        (first, second) = (Avx512F.UnpackLow(a0c0, b0d0), Avx512F.UnpackHigh(a0c0, b0d0));
        (third, fourth) = (Avx512F.UnpackLow(a2c2, b2d2), Avx512F.UnpackHigh(a2c2, b2d2));
    }

    // Part i of each of four vectors, 128 bits, becomes a row, the fourth from the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreJoined(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint stride)
    {
        const byte even = 0x88, odd = 0xDD;
        Vector512<float> ab01 = Avx512F.Shuffle4x128(a, b, LowHalves), ab23 = Avx512F.Shuffle4x128(a, b, HighHalves);
        Vector512<float> cd01 = Avx512F.Shuffle4x128(c, d, LowHalves), cd23 = Avx512F.Shuffle4x128(c, d, HighHalves);
        Avx512F.Shuffle4x128(ab01, cd01, even).Store(target);
        Avx512F.Shuffle4x128(ab01, cd01, odd).Store(target + (4 * stride));
        Avx512F.Shuffle4x128(ab23, cd23, even).Store(target + (8 * stride));
        Avx512F.Shuffle4x128(ab23, cd23, odd).Store(target + (12 * stride));
    }

    // Lanes 0 and 1 of both in turn, and lanes 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b) =>
        (Simd.Lanes128.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsSingle(), Simd.Lanes128.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsSingle());
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>
/// The end of a kernel whose result is pixel-shuffled: a block of pixels of <c>factor * factor</c> channels, fresh in cache, is written
/// as pixels of one channel of the larger geometry, together with their signs. Only image pixels are written.
/// </summary>
public static unsafe class PixelShuffleKernel
{
    /// <summary>Writes one block.</summary>
    /// <param name="rows">factor x factor runs of <paramref name="count"/> values: run <c>i * factor + j</c> is phase (i, j).</param>
    /// <param name="count">Pixels of the block.</param>
    /// <param name="pixel">First pixel of the block in the source geometry, a multiple of 8.</param>
    /// <param name="factor">How many times larger the target is.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">The channel's plane.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="signs">The channel's bit plane, or null.</param>
    /// <param name="threshold">A sign is 1 where <c>value >= threshold</c>.</param>
    /// <param name="direction">-1 where the sign is turned over, else 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(
        float* rows, int count, long pixel, int factor, PlaneGeometry from, float* target, PlaneGeometry to, byte* signs, float threshold, float direction)
    {
        long end = Math.Min(pixel + count, (long)from.Height * from.Pitch);
        float* start = rows;
        for (long at = pixel; at < end;)
        {
            int y = (int)(at / from.Pitch), x = (int)(at % from.Pitch);
            int pitchLeft = (int)Math.Min(from.Pitch - x, end - at), length = Math.Min(from.Width - x, pitchLeft);
            for (int i = 0; i < factor && length > 0; i++)
            {
                long offset = (((long)y * factor) + i) * to.Pitch + ((long)x * factor);
                StoreRow(start + (i * factor * (long)count), count, length, factor, target + offset, signs is null ? null : signs + (offset / 8), threshold, direction);
            }

            at += pitchLeft;
            start += pitchLeft;
        }
    }

    /// <summary>Writes <paramref name="count"/> pixels of one row of the source as <paramref name="factor"/> rows of the target.</summary>
    /// <param name="values">factor x factor runs, <paramref name="stride"/> values apart: run <c>i * factor + j</c> is phase (i, j).</param>
    /// <param name="stride">Values from one run to the next.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="y">The source's row.</param>
    /// <param name="x">The first pixel in it.</param>
    /// <param name="factor">How many times larger the target is.</param>
    /// <param name="target">The channel's plane.</param>
    /// <param name="to">Geometry of the target.</param>
    public static void StoreRow(float* values, int stride, int count, int y, int x, int factor, float* target, PlaneGeometry to)
    {
        for (int i = 0; i < factor; i++)
            StoreRow(values + (i * factor * (long)stride), stride, count, factor, target + ((((long)y * factor) + i) * to.Pitch) + ((long)x * factor), null, 0, 1);
    }

    // One row of the target from factor runs; eight source pixels make factor whole bytes of signs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreRow(float* runs, int runStride, int length, int factor, float* target, byte* signs, float threshold, float direction)
    {
        if (factor == 2)
        {
            StorePairs(runs, runs + runStride, length, target, signs, threshold, direction);
            return;
        }

        float* values = stackalloc float[8 * factor];
        for (int x = 0; x < length; x += 8, runs += 8, target += 8 * factor)
        {
            int used = Math.Min(8, length - x) * factor;
            for (int phase = 0; phase < factor; phase++)
                for (int pixel = 0; pixel < 8; pixel++) values[(pixel * factor) + phase] = runs[((long)phase * runStride) + pixel];
            new Span<float>(values, used).CopyTo(new Span<float>(target, used));
            if (signs is null) continue;
            for (int at = 0; at < used; at += 8) signs[at / 8] = (byte)(Signs(Vector256.Load(values + at), threshold, direction) & Below(used - at));
            signs += factor;
        }
    }

    // Factor 2: pixels alternate between two runs, and signs are taken while they are in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePairs(float* even, float* odd, int length, float* target, byte* signs, float threshold, float direction)
    {
        float* rest = stackalloc float[16];
        for (int x = 0; x < length; x += 8, target += 16)
        {
            int used = 2 * Math.Min(8, length - x);
            Vector256<float> a = Vector256.Load(even + x), b = Vector256.Load(odd + x);
            Vector256<float> first = Interleaving.Of(a.GetLower(), b.GetLower()), second = Interleaving.Of(a.GetUpper(), b.GetUpper());
            float* write = used == 16 ? target : rest;
            first.Store(write);
            second.Store(write + 8);
            if (used < 16) new Span<float>(rest, used).CopyTo(new Span<float>(target, used));
            if (signs is null) continue;
            *signs++ = (byte)(Signs(first, threshold, direction) & Below(used));
            if (used > 8) *signs++ = (byte)(Signs(second, threshold, direction) & Below(used - 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Signs(Vector256<float> values, float threshold, float direction) =>
        Vector256.GreaterThanOrEqual(values, Vector256.Create(threshold)).ExtractMostSignificantBits() ^ (direction < 0 ? 0xFFu : 0);

    // The bits of a byte that belong to the image. Bytes without any are never written: they may belong to the next row, which another
    // block may have made already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Below(int count) => count >= 8 ? 0xFF : (1u << count) - 1;
}

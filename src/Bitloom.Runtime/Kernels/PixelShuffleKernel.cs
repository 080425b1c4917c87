using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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
    /// <param name="scale">A sign is that of <c>value * scale + bias</c>.</param>
    /// <param name="bias">See <paramref name="scale"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(
        float* rows, int count, long pixel, int factor, PlaneGeometry from, float* target, PlaneGeometry to, byte* signs, float scale, float bias)
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
                StoreRow(start + (i * factor * (long)count), count, length, factor, target + offset, signs is null ? null : signs + (offset / 8), scale, bias);
            }

            at += pitchLeft;
            start += pitchLeft;
        }
    }

    // One row of the target from factor runs; eight source pixels make factor whole bytes of signs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreRow(float* runs, int runStride, int length, int factor, float* target, byte* signs, float scale, float bias)
    {
        float* rest = stackalloc float[8 * factor];
        for (int x = 0; x < length; x += 8, runs += 8, target += 8 * factor)
        {
            int pixels = Math.Min(8, length - x);
            float* values = pixels == 8 ? target : rest;
            if (factor == 2) InterleavePairs(runs, runs + runStride, values);
            else Interleave(runs, runStride, factor, values);
            if (signs is not null)
            {
                StoreSigns(values, pixels * factor, signs, scale, bias);
                signs += factor;
            }

            if (pixels < 8) new Span<float>(rest, pixels * factor).CopyTo(new Span<float>(target, pixels * factor));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InterleavePairs(float* even, float* odd, float* target)
    {
        for (int x = 0; x < 8; x += 4)
        {
            Vector128<float> a = Vector128.Load(even + x), b = Vector128.Load(odd + x);
            ZipLow(a, b).Store(target + (2 * x));
            ZipHigh(a, b).Store(target + (2 * x) + 4);
        }
    }

    private static void Interleave(float* runs, int runStride, int factor, float* target)
    {
        for (int phase = 0; phase < factor; phase++, runs += runStride)
            for (int x = 0; x < 8; x++) target[(x * factor) + phase] = runs[x];
    }

    // Signs of 8 * factor values, of which the first 'used' belong to the image. Bytes without any are not written: they may belong
    // to the next row, which another block may have made already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSigns(float* values, int used, byte* signs, float scale, float bias)
    {
        Vector256<float> scales = Vector256.Create(scale), biases = Vector256.Create(bias);
        for (int group = 0; 8 * group < used; group++)
        {
            Vector256<float> signed = (Vector256.Load(values + (8 * group)) * scales) + biases;
            uint bits = Vector256.GreaterThanOrEqual(signed, Vector256<float>.Zero).ExtractMostSignificantBits();
            int image = Math.Min(used - (8 * group), 8);
            signs[group] = (byte)(bits & ((1u << image) - 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}

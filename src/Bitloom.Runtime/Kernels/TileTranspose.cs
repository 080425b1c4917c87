using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>Turns the sums of a tile whose lanes are output channels into planes.</summary>
public static unsafe class TileTranspose
{
    /// <summary>Writes <c>target[channel * stride + pixel] = sums[pixel * channels + channel]</c>.</summary>
    /// <param name="sums">Pixels x channels.</param>
    /// <param name="pixels">Pixels.</param>
    /// <param name="channels">Channels, a multiple of 4.</param>
    /// <param name="target">A run of pixels for each channel.</param>
    /// <param name="stride">Values from one channel's run to the next, 3 more than pixels at least: they are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* sums, int pixels, int channels, float* target, nint stride)
    {
        for (int channel = 0; channel < channels; channel += 4)
        {
            float* write = target + (channel * stride);
            for (int pixel = 0; pixel < pixels; pixel += 4)
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

    // Lanes 0 and 1 of both in turn, and lanes 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b) =>
        (Simd.Lanes128.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsSingle(), Simd.Lanes128.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsSingle());
}

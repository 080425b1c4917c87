using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>Signs of planes, row by row.</summary>
public static unsafe class SignKernels
{
    /// <summary>
    /// Packs signs of some rows of a channel, 8 pixels a byte: 1 where <c>value >= threshold</c>. Only bytes of these rows are written, so
    /// threads may share rows, and the gap between rows stays zero.
    /// </summary>
    /// <param name="plane">The channel.</param>
    /// <param name="geometry">Its geometry, whose pitch is a multiple of 8.</param>
    /// <param name="threshold">Where the sign changes.</param>
    /// <param name="flips">True for 1 where the value is not at least the threshold.</param>
    /// <param name="signs">The channel's bits.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(float* plane, PlaneGeometry geometry, float threshold, bool flips, byte* signs, int first, int end)
    {
        Vector256<float> least = Vector256.Create(threshold);
        uint flip = flips ? 0xFFu : 0, last = 0xFFu >> (-geometry.Width & 7);
        nint bytes = (geometry.Width + 7) / 8;
        for (int y = first; y < end; y++)
        {
            float* row = plane + ((nint)y * geometry.Pitch);
            byte* write = signs + ((nint)y * (geometry.Pitch / 8));
            for (nint i = 0; i < bytes; i++)
                write[i] = (byte)(Vector256.GreaterThanOrEqual(Vector256.Load(row + (8 * i)), least).ExtractMostSignificantBits() ^ flip);
            write[bytes - 1] &= (byte)last;
        }
    }
}

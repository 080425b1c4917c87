using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Bitloom.Runtime.Simd;

namespace Bitloom.Runtime.Kernels;

/// <summary>Pooling, by rows of the target as <see cref="RowKernels"/>.</summary>
public static unsafe class PoolingKernels
{
    private const int Lanes = 8;

    /// <summary>
    /// The maximum over a window; padding does not count. Rows under the window are joined first, into a row of scratch memory with the
    /// least of all numbers on both sides, then columns.
    /// </summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">Planes of <paramref name="to"/>.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernelHeight">Rows of the window.</param>
    /// <param name="kernelWidth">Columns of the window.</param>
    /// <param name="strideY">Rows from one window to the next.</param>
    /// <param name="strideX">Columns from one window to the next.</param>
    /// <param name="padTop">Rows above the image.</param>
    /// <param name="padLeft">Columns left of the image.</param>
    /// <param name="dilationY">Rows from one tap to the next.</param>
    /// <param name="dilationX">Columns from one tap to the next.</param>
    /// <param name="scratch">Room for a row under all windows of a row of the target.</param>
    /// <param name="first">First row of the target.</param>
    /// <param name="end">Row after the last.</param>
    public static void Maximum(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels,
        int kernelHeight, int kernelWidth, int strideY, int strideX, int padTop, int padLeft, int dilationY, int dilationX, float* scratch, int first, int end)
    {
        int span = ((to.Width - 1) * strideX) + ((kernelWidth - 1) * dilationX) + 1;
        new Span<float>(scratch, span).Fill(float.NegativeInfinity);
        int pixels = Math.Min(from.Width, span - padLeft);
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                int top = (y * strideY) - padTop, firstTap = top >= 0 ? 0 : (dilationY - 1 - top) / dilationY;
                int endTap = Math.Min(kernelHeight, (from.Height - top + dilationY - 1) / dilationY);
                float* rows = source + ((long)channel * from.FloatStride) + ((nint)(top + (firstTap * dilationY)) * from.Pitch);
                JoinRows(rows, endTap - firstTap, (nint)dilationY * from.Pitch, scratch + padLeft, pixels);
                JoinColumns(scratch, kernelWidth, strideX, dilationX, target + ((long)channel * to.FloatStride) + ((nint)y * to.Pitch), to.Width);
            }
    }

    /// <summary>The mean of every channel; the target is one pixel a channel.</summary>
    public static void GlobalAverage(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int first, int end)
    {
        if (first == end) return;
        for (int channel = 0; channel < channels; channel++)
            target[(long)channel * to.FloatStride] = (float)(Sum(source + ((long)channel * from.FloatStride), from) / ((double)from.Width * from.Height));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinRows(float* rows, int count, nint pitch, float* joined, int pixels)
    {
        int x = 0;
        for (; x <= pixels - Lanes; x += Lanes)
        {
            Vector256<float> most = Vector256.Load(rows + x);
            for (int row = 1; row < count; row++) most = Max(most, Vector256.Load(rows + (row * pitch) + x));
            most.Store(joined + x);
        }

        for (; x < pixels; x++)
        {
            float most = rows[x];
            for (int row = 1; row < count; row++) most = Max(most, rows[(row * pitch) + x]);
            joined[x] = most;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinColumns(float* joined, int taps, int stride, int dilation, float* target, int width)
    {
        int x = 0;
        if (stride <= 2)
        {
            for (; x <= width - 4; x += 4)
            {
                Vector128<float> most = Columns(joined + (x * stride), stride);
                for (int tap = 1; tap < taps; tap++) most = Max(most, Columns(joined + (x * stride) + (tap * dilation), stride));
                most.Store(target + x);
            }
        }

        for (; x < width; x++)
        {
            float most = joined[x * stride];
            for (int tap = 1; tap < taps; tap++) most = Max(most, joined[(x * stride) + (tap * dilation)]);
            target[x] = most;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Columns(float* at, int stride) =>
        stride == 1 ? Vector128.Load(at) : Lanes128.Even(Vector128.Load(at), Vector128.Load(at + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.ConditionalSelect(Vector256.GreaterThan(b, a), b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a);

    private static float Max(float a, float b) => b > a ? b : a;

    // Lanes are summed in fp32 within a row, rows in double precision: a mean of 10^4 pixels keeps six digits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(float* plane, PlaneGeometry geometry)
    {
        double sum = 0;
        Vector256<int> lanes = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), rest = Vector256.LessThan(lanes, Vector256.Create(geometry.Width % Lanes));
        for (int y = 0; y < geometry.Height; y++, plane += geometry.Pitch)
        {
            Vector256<float> row = Vector256<float>.Zero;
            int x = 0;
            for (; x <= geometry.Width - Lanes; x += Lanes) row += Vector256.Load(plane + x);
            if (x < geometry.Width) row += Vector256.ConditionalSelect(rest.AsSingle(), Vector256.Load(plane + x), Vector256<float>.Zero);
            sum += Vector256.Sum(row);
        }

        return sum;
    }
}

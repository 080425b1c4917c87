using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>Average pooling, by rows of the target as <see cref="RowKernels"/>.</summary>
public static unsafe class AveragePoolKernels
{
    /// <summary>The mean over each window, its pixels added row by row in single precision.</summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">Planes of <paramref name="to"/>.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="columns">Columns of the window.</param>
    /// <param name="strideY">Rows from one window to the next.</param>
    /// <param name="strideX">Columns from one window to the next.</param>
    /// <param name="padTop">Rows of the first window above the image.</param>
    /// <param name="padLeft">Columns of the first window left of the image.</param>
    /// <param name="dilationY">Rows from one row of the window to the next.</param>
    /// <param name="dilationX">Columns from one column of the window to the next.</param>
    /// <param name="countsPadding">True where pixels outside the image count as zeros.</param>
    /// <param name="first">First row of the target.</param>
    /// <param name="end">Row after the last.</param>
    public static void Average(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int rows, int columns,
        int strideY, int strideX, int padTop, int padLeft, int dilationY, int dilationX, bool countsPadding, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                float* plane = source + ((long)channel * from.FloatStride), write = target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch);
                int top = (y * strideY) - padTop;
                for (int x = 0; x < to.Width; x++)
                {
                    float sum = 0;
                    int left = (x * strideX) - padLeft, inside = 0;
                    for (int row = top; row < top + (rows * dilationY); row += dilationY)
                    {
                        if (row < 0 || row >= from.Height) continue;
                        for (int column = left; column < left + (columns * dilationX); column += dilationX)
                        {
                            if (column < 0 || column >= from.Width) continue;
                            sum += plane[((long)row * from.Pitch) + column];
                            inside++;
                        }
                    }

                    write[x] = sum / (countsPadding ? rows * columns : inside);
                }
            }
    }

    /// <summary>As <see cref="Average"/> for windows of 2 x 2 side by side. A vector of results comes from two vectors of each of two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AverageHalf(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                float* upper = source + ((long)channel * from.FloatStride) + (2L * y * from.Pitch), lower = upper + from.Pitch;
                float* write = target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch);
                int x = 0;
                for (; x <= to.Width - Vector256<float>.Count; x += Vector256<float>.Count)
                {
                    (Vector256<float> a, Vector256<float> b) = EvenAndOdd(upper + (2 * x));
                    (Vector256<float> c, Vector256<float> d) = EvenAndOdd(lower + (2 * x));
                    ((a + b + c + d) * Vector256.Create(0.25f)).Store(write + x);
                }

                for (; x < to.Width; x++) write[x] = (upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1]) * 0.25f;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Even, Vector256<float> Odd) EvenAndOdd(float* values)
    {
        var order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        Vector256<float> first = Vector256.Shuffle(Vector256.Load(values), order), second = Vector256.Shuffle(Vector256.Load(values + 8), order);
        return (Vector256.Create(first.GetLower(), second.GetLower()), Vector256.Create(first.GetUpper(), second.GetUpper()));
    }
}

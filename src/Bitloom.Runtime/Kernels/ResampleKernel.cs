using System.Numerics;

namespace Bitloom.Runtime.Kernels;

/// <summary>Resampling without a filter to any size: nearest, bilinear or bicubic.</summary>
public static unsafe class ResampleKernel
{
    /// <summary>Rows of the target that <see cref="Resample"/> takes as scratch memory: four resampled rows, and a table of columns.</summary>
    public const int ScratchRows = MostTaps + 1 + MostTaps;

    private const int MostTaps = 4;

    /// <summary>
    /// Each output row weighs one, two or four rows of the source, which were resampled along their columns before and are kept while they
    /// are needed. Places are computed in double precision, weights rounded to single precision.
    /// </summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">Planes of <paramref name="to"/>.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="taps">Neighbours a direction: 1 nearest, 2 bilinear, 4 bicubic.</param>
    /// <param name="coordinates">0: pixels are areas; 1: the corner pixels coincide; 2: <c>y * ratio</c>.</param>
    /// <param name="ratio">Source pixels a target pixel, or 0 where the sizes decide.</param>
    /// <param name="scratch">Room for <see cref="ScratchRows"/> rows of the target.</param>
    /// <param name="first">First row of the target.</param>
    /// <param name="end">Row after the last.</param>
    public static void Resample(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int taps, int coordinates, double ratio, float* scratch, int first, int end)
    {
        int width = to.Width;
        var rows = new Axis(taps, coordinates, ratio, from.Height, to.Height);
        var columns = new Axis(taps, coordinates, ratio, from.Width, width);
        int* starts = (int*)(scratch + (MostTaps * width));
        float* weights = (float*)(starts + width), share = stackalloc float[MostTaps];
        for (int x = 0; x < width; x++) starts[x] = columns.Place(x, weights + (x * taps));
        int* held = stackalloc int[MostTaps];
        for (int channel = 0; channel < channels; channel++)
        {
            float* plane = source + ((long)channel * from.FloatStride);
            for (int slot = 0; slot < MostTaps; slot++) held[slot] = -1;
            for (int y = first; y < end; y++)
            {
                int start = rows.Place(y, share);
                float* row = target + ((long)channel * to.FloatStride) + ((nint)y * to.Pitch);
                for (int tap = 0; tap < taps; tap++)
                {
                    int read = Math.Clamp(start + tap, 0, from.Height - 1), slot = read % MostTaps;
                    float* resampled = scratch + (slot * width);
                    if (held[slot] != read) ResampleRow(plane + ((nint)read * from.Pitch), from.Width, starts, weights, taps, resampled, width);
                    held[slot] = read;
                    AddRow(resampled, share[tap], row, width, isFirst: tap == 0);
                }
            }
        }
    }

    private static void ResampleRow(float* source, int size, int* starts, float* weights, int taps, float* target, int width)
    {
        for (int x = 0; x < width; x++, weights += taps)
        {
            float sum = 0;
            for (int tap = 0; tap < taps; tap++) sum += weights[tap] * source[Math.Clamp(starts[x] + tap, 0, size - 1)];
            target[x] = sum;
        }
    }

    private static void AddRow(float* row, float weight, float* target, int width, bool isFirst)
    {
        int x = 0;
        var weights = new Vector<float>(weight);
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> part = weights * Vector.Load(row + x);
            Vector.Store(isFirst ? part : Vector.Load(target + x) + part, target + x);
        }

        for (; x < width; x++) target[x] = isFirst ? weight * row[x] : target[x] + (weight * row[x]);
    }

    /// <summary>Rows or columns: which places of the source those of the target stand for.</summary>
    private readonly struct Axis(int taps, int coordinates, double ratio, int from, int to)
    {
        private readonly double _ratio = ratio > 0 ? ratio : (double)from / to;

        /// <summary>The first tap of a target pixel, which may lie outside the image, and the weight of each.</summary>
        internal int Place(int pixel, float* weights)
        {
            double place = coordinates switch
            {
                0 => ((pixel + 0.5) * _ratio) - 0.5,
                1 => to > 1 ? pixel * (from - 1.0) / (to - 1.0) : 0,
                _ => pixel * _ratio,
            };
            int first = (int)Math.Floor(place);
            double share = place - first;
            switch (taps)
            {
                case 1:
                    weights[0] = 1;
                    return coordinates == 2 ? first : (int)Math.Floor(place + 0.5);
                case 2:
                    (weights[0], weights[1]) = ((float)(1 - share), (float)share);
                    return first;
                default:
                    for (int tap = 0; tap < MostTaps; tap++) weights[tap] = (float)Cubic(Math.Abs(share + 1 - tap));
                    return first - 1;
            }
        }

        // Keys' cubic convolution, a = -0.75 as in PyTorch.
        private static double Cubic(double distance)
        {
            const double a = -0.75;
            return distance <= 1
                ? ((((a + 2) * distance) - (a + 3)) * distance * distance) + 1
                : ((((distance - 5) * distance) + 8) * distance * a) - (4 * a);
        }
    }
}

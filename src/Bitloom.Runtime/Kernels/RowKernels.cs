using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Kernels;

/// <summary>
/// Steps that work row by row between tensors of different geometry: into and out of the caller's memory, cropping, up-sampling and
/// pixel shuffle. Each takes the rows of the target from <c>first</c> up to, not including, <c>end</c>, in every channel.
/// </summary>
public static unsafe class RowKernels
{
    // Rows of a source that a wavefront resizes at a time, and a few more.
    private const int FewRows = 4;

    /// <summary>Copies the caller's dense tensor into planes.</summary>
    public static void Load(float* dense, float* planes, PlaneGeometry geometry, int channels, int first, int end)
    {
        nint width = geometry.Width, size = width * geometry.Height;
        for (int channel = 0; channel < channels; channel++)
            CopyRows(dense + (channel * size) + (first * width), width, planes + ((nint)channel * geometry.FloatStride) + ((nint)first * geometry.Pitch), geometry.Pitch, width, end - first);
    }

    /// <summary>Copies planes into the caller's dense tensor of the size of <paramref name="to"/>; what <paramref name="from"/> has beyond that is left out.</summary>
    public static void Store(float* planes, PlaneGeometry from, float* dense, PlaneGeometry to, int channels, int first, int end)
    {
        nint width = to.Width, size = width * to.Height;
        for (int channel = 0; channel < channels; channel++)
            CopyRows(planes + ((nint)channel * from.FloatStride) + ((nint)first * from.Pitch), from.Pitch, dense + (channel * size) + (first * width), width, width, end - first);
    }

    // Rows of an image are short: calls to copy them would take longer than the copies. The last vector of a row overlaps the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* source, nint sourcePitch, float* target, nint targetPitch, nint width, int rows)
    {
        for (int row = 0; row < rows; row++, source += sourcePitch, target += targetPitch)
        {
            if (width >= 8)
            {
                for (nint x = 0; x < width - 8; x += 8) Vector256.Load(source + x).Store(target + x);
                Vector256.Load(source + width - 8).Store(target + width - 8);
            }
            else if (width >= 4)
            {
                Vector128<float> last = Vector128.Load(source + width - 4);
                Vector128.Load(source).Store(target);
                last.Store(target + width - 4);
            }
            else for (nint x = 0; x < width; x++) target[x] = source[x];
        }
    }

    /// <summary>Target (y, x) is source (y * strideY + offsetY, x * strideX + offsetX).</summary>
    public static void Subsample(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels,
        int offsetY, int offsetX, int strideY, int strideX, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                float* read = source + ((long)channel * from.FloatStride) + ((((long)y * strideY) + offsetY) * from.Pitch) + offsetX;
                float* write = target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch);
                for (int x = 0; x < to.Width; x++) write[x] = read[(long)x * strideX];
            }
    }

    /// <summary>A choice of channels, each moved by whole pixels; zeros come in from outside the image.</summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">Planes of <paramref name="to"/>.</param>
    /// <param name="to">Geometry of the target, as high and wide as the source's.</param>
    /// <param name="channels">Channels of the target.</param>
    /// <param name="choice">For every channel its source channel, and the rows and columns from a pixel to the one that it becomes.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    public static void ShiftChannels(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, ReadOnlySpan<short> choice, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            int columns = choice[(3 * channel) + 2], left = Math.Clamp(-columns, 0, to.Width), right = Math.Clamp(to.Width - columns, left, to.Width);
            for (int y = first; y < end; y++)
            {
                Span<float> write = Row(target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width);
                int row = y + choice[(3 * channel) + 1];
                if ((uint)row >= (uint)from.Height)
                {
                    write.Clear();
                    continue;
                }

                write[..left].Clear();
                Row(source + ((long)choice[3 * channel] * from.FloatStride) + ((long)row * from.Pitch) + left + columns, right - left).CopyTo(write[left..]);
                write[right..].Clear();
            }
        }
    }

    /// <summary>Nearest-neighbour up-sampling by a whole factor.</summary>
    public static void ResizeNearest(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int factor, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                float* read = source + ((long)channel * from.FloatStride) + ((long)(y / factor) * from.Pitch);
                float* write = target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch);
                for (int x = 0; x < from.Width; x++)
                    for (int phase = 0; phase < factor; phase++) *write++ = read[x];
            }
    }

    /// <summary>Pixel shuffle: source channel <c>c * factor * factor + i * factor + j</c> becomes pixels (y * factor + i, x * factor + j) of channel c.</summary>
    public static void PixelShuffle(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int factor, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                float* read = source + ((((long)channel * factor) + (y % factor)) * factor * from.FloatStride) + ((long)(y / factor) * from.Pitch);
                float* write = target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch);
                for (int phase = 0; phase < factor; phase++, read += from.FloatStride)
                    for (int x = 0; x < from.Width; x++) write[(x * factor) + phase] = read[x];
            }
    }

    /// <summary>
    /// Bilinear up-sampling by a whole factor with half-pixel centres, in the order
    /// <c>h0 * (w0 * a + w1 * b) + h1 * (w0 * c + w1 * d)</c>, every operation rounded to single precision.
    /// </summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source.</param>
    /// <param name="target">Planes of <paramref name="to"/>, <paramref name="factor"/> times as high and wide.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="factor">How many times larger.</param>
    /// <param name="scratch">Room for two rows of the target.</param>
    /// <param name="first">First row of the target.</param>
    /// <param name="end">Row after the last.</param>
    public static void ResizeBilinear(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int factor, float* scratch, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            float* plane = source + ((long)channel * from.FloatStride);
            float* upper = scratch, lower = scratch + to.Width;
            if (Sse.IsSupported && end - first <= FewRows * factor) FetchRows(plane + from.FloatStride, from, Position(first, factor, from.Height).Index, Position(end - 1, factor, from.Height).Index + 1);
            int upperRow = -1, lowerRow = -1;
            for (int y = first; y < end; y++)
            {
                (int row, float weight) = Position(y, factor, from.Height);
                int next = Math.Min(row + 1, from.Height - 1);
                if (upperRow != row)
                {
                    if (lowerRow == row)
                    {
                        float* reused = lower;
                        lower = upper;
                        upper = reused;
                        lowerRow = upperRow;
                    }
                    else StretchRow(plane + ((long)row * from.Pitch), from.Width, upper, factor);
                    upperRow = row;
                }

                if (lowerRow != next)
                {
                    StretchRow(plane + ((long)next * from.Pitch), from.Width, lower, factor);
                    lowerRow = next;
                }

                MixRows(upper, 1 - weight, lower, weight, target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width);
            }
        }
    }

    // Where few rows of a channel are made at a time, no hardware prefetcher follows to the next channel.
    private static void FetchRows(float* plane, PlaneGeometry geometry, int first, int last)
    {
        for (int row = first; row <= last; row++)
            for (int x = 0; x < geometry.Width; x += 16) Sse.Prefetch0(plane + ((long)row * geometry.Pitch) + x);
    }

    // One row, factor times as wide. Pixels at a fixed distance repeat the same two weights.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StretchRow(float* source, int width, float* target, int factor)
    {
        if (factor == 2 && width >= 2)
        {
            DoubleRow(source, width, target);
            return;
        }

        for (int phase = 0; phase < factor; phase++)
        {
            // Inner pixels lie at the same fraction between the same neighbours; only the first and last pixel clamp.
            (int left, float weight) = Position((2 * factor) + phase, factor, int.MaxValue);
            int shift = left - 2;
            float other = 1 - weight;
            int from = -shift, to = width - 1 - (shift + 1);
            for (int x = Math.Max(0, from); x <= to; x++)
                target[(x * factor) + phase] = (other * source[x + shift]) + (weight * source[x + shift + 1]);
            for (int x = 0; x < width; x++)
            {
                if (x >= from && x <= to) x = to + 1;
                if (x >= width) break;
                (int first, float edgeWeight) = Position((x * factor) + phase, factor, width);
                target[(x * factor) + phase] = ((1 - edgeWeight) * source[first]) + (edgeWeight * source[Math.Min(first + 1, width - 1)]);
            }
        }
    }

    // A pixel becomes two, a quarter of a pixel to its left and to its right; the first and the last one have only themselves there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DoubleRow(float* source, int width, float* target)
    {
        const float Near = 0.75f, Far = 0.25f;
        Vector256<float> near = Vector256.Create(Near), far = Vector256.Create(Far);
        target[0] = source[0];
        int x = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<float> nearer = Vector512.Create(Near), farther = Vector512.Create(Far);
            for (; x + 16 < width; x += 16)
            {
                Vector512<float> left = Vector512.Load(source + x), right = Vector512.Load(source + x + 1);
                Interleaving.Store((nearer * left) + (farther * right), (farther * left) + (nearer * right), target + (2 * x) + 1);
            }
        }

        for (; x + 8 < width; x += 8)
        {
            Vector256<float> left = Vector256.Load(source + x), right = Vector256.Load(source + x + 1);
            Interleaving.Store((near * left) + (far * right), (far * left) + (near * right), target + (2 * x) + 1);
        }

        for (; x + 1 < width; x++)
        {
            target[(2 * x) + 1] = (Near * source[x]) + (Far * source[x + 1]);
            target[(2 * x) + 2] = (Far * source[x]) + (Near * source[x + 1]);
        }

        target[(2 * width) - 1] = (Near * source[width - 1]) + (Far * source[width - 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixRows(float* upper, float upperWeight, float* lower, float lowerWeight, float* target, int width)
    {
        int x = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> above = Vector512.Create(upperWeight), below = Vector512.Create(lowerWeight);
            for (; x <= width - 16; x += 16) ((above * Vector512.Load(upper + x)) + (below * Vector512.Load(lower + x))).Store(target + x);
        }

        var upperWeights = new Vector<float>(upperWeight);
        var lowerWeights = new Vector<float>(lowerWeight);
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
            Vector.Store((upperWeights * Vector.Load(upper + x)) + (lowerWeights * Vector.Load(lower + x)), target + x);
        for (; x < width; x++) target[x] = (upperWeight * upper[x]) + (lowerWeight * lower[x]);
    }

    // Source index and the weight of the pixel after it, as PyTorch computes them for align_corners = false.
    private static (int Index, float Weight) Position(int target, int factor, int size)
    {
        float position = Math.Max(0, ((target + 0.5f) * (1f / factor)) - 0.5f);
        int index = Math.Min((int)position, size - 1);
        return (index, position - index);
    }

    private static Span<float> Row(float* start, int length) => new(start, length);
}

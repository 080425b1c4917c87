namespace Bitloom.Runtime.Kernels;

/// <summary>
/// Adding and removing rows and columns, row by row. Each takes the rows of the target from <c>first</c> up to, not including,
/// <c>end</c>, in every channel.
/// </summary>
public static unsafe class BorderKernels
{
    /// <summary>Adds rows and columns around the image; what lies right and below follows from the size of the target.</summary>
    /// <param name="source">Planes of <paramref name="from"/>.</param>
    /// <param name="from">Geometry of the source; where its pixels are reflected, larger than what is added on any side.</param>
    /// <param name="target">Planes of <paramref name="to"/>.</param>
    /// <param name="to">Geometry of the target.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="top">Rows added above.</param>
    /// <param name="left">Columns added left.</param>
    /// <param name="reflects">True for the image reflected at its edge pixel, false for zeros.</param>
    /// <param name="first">First row of the target.</param>
    /// <param name="end">Row after the last.</param>
    public static void Pad(
        float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int top, int left, bool reflects, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
            {
                int row = y - top;
                var write = new Span<float>(target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width);
                if (reflects) row = Reflect(row, from.Height);
                if (row < 0 || row >= from.Height)
                {
                    write.Clear();
                    continue;
                }

                var read = new ReadOnlySpan<float>(source + ((long)channel * from.FloatStride) + ((long)row * from.Pitch), from.Width);
                read.CopyTo(write[left..]);
                for (int x = 0; x < left; x++) write[x] = reflects ? read[left - x] : 0;
                for (int x = left + read.Length; x < write.Length; x++) write[x] = reflects ? read[Reflect(x - left, read.Length)] : 0;
            }
    }

    /// <summary>Cuts rows and columns off: the target starts at (<paramref name="top"/>, <paramref name="left"/>) of the source.</summary>
    public static void Crop(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int top, int left, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
                new ReadOnlySpan<float>(source + ((long)channel * from.FloatStride) + (((long)y + top) * from.Pitch) + left, to.Width)
                    .CopyTo(new Span<float>(target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width));
    }

    private static int Reflect(int position, int size) => position < 0 ? -position : position >= size ? (2 * (size - 1)) - position : position;
}

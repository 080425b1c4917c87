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
                PaddedRow.Fill(
                    source + ((long)channel * from.FloatStride), from.Height, from.Width, from.Pitch, y - top, left, reflects,
                    new Span<float>(target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width));
    }

    /// <summary>Cuts rows and columns off: the target starts at (<paramref name="top"/>, <paramref name="left"/>) of the source.</summary>
    public static void Crop(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int top, int left, int first, int end)
    {
        for (int channel = 0; channel < channels; channel++)
            for (int y = first; y < end; y++)
                new ReadOnlySpan<float>(source + ((long)channel * from.FloatStride) + (((long)y + top) * from.Pitch) + left, to.Width)
                    .CopyTo(new Span<float>(target + ((long)channel * to.FloatStride) + ((long)y * to.Pitch), to.Width));
    }
}

namespace Bitloom.Runtime.Images;

/// <summary>
/// Between pictures and what networks read and write: dense fp32 planes in 0..1, channel after channel, row after row. Works on
/// bands of rows, so that a large picture never needs to be converted as a whole. Alpha takes no part except by <see cref="ReadPlane"/>
/// and <see cref="WritePlane"/>.
/// </summary>
public static class ImagePlanes
{
    /// <summary>All colour planes: colour channels x height x width.</summary>
    public static float[] ToPlanes(Image image)
    {
        var planes = new float[checked(image.ColourChannels * image.Height * image.Width)];
        ReadRows(image, 0, image.Height, planes);
        return planes;
    }

    /// <summary>A picture from 1 (grey) or 3 (RGB) planes: channels x height x width.</summary>
    public static Image FromPlanes(ReadOnlySpan<float> planes, int channels, int height, int width)
    {
        if (channels is not (1 or 3)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture has 1 (grey) or 3 (RGB) colour planes.");
        var image = new Image(width, height, channels);
        WriteRows(image, 0, height, planes);
        return image;
    }

    /// <summary>Reads a band of rows into planes of colour channels x rows x width.</summary>
    public static void ReadRows(Image image, int firstRow, int rows, Span<float> planes)
    {
        int size = CheckBand(image, firstRow, rows, image.ColourChannels, planes.Length) * image.Width;
        for (int channel = 0; channel < image.ColourChannels; channel++)
            ReadPlane(image, channel, firstRow, rows, planes.Slice(channel * size, size));
    }

    /// <summary>Writes planes of colour channels x rows x width into a band of rows: see <see cref="ToByte"/>. Alpha stays as it is.</summary>
    public static void WriteRows(Image image, int firstRow, int rows, ReadOnlySpan<float> planes)
    {
        int size = CheckBand(image, firstRow, rows, image.ColourChannels, planes.Length) * image.Width;
        for (int channel = 0; channel < image.ColourChannels; channel++)
            WritePlane(image, channel, firstRow, rows, planes.Slice(channel * size, size));
    }

    /// <summary>Reads a band of rows of one channel, alpha included, into rows x width values.</summary>
    public static void ReadPlane(Image image, int channel, int firstRow, int rows, Span<float> plane)
    {
        CheckChannel(image, channel);
        CheckBand(image, firstRow, rows, 1, plane.Length);
        int channels = image.Channels;
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> samples = image.Row(firstRow + y);
            Span<float> values = plane.Slice(y * image.Width, image.Width);
            for (int x = 0, sample = channel; x < values.Length; x++, sample += channels) values[x] = samples[sample] / 255f;
        }
    }

    /// <summary>Writes rows x width values into a band of rows of one channel, alpha included.</summary>
    public static void WritePlane(Image image, int channel, int firstRow, int rows, ReadOnlySpan<float> plane)
    {
        CheckChannel(image, channel);
        CheckBand(image, firstRow, rows, 1, plane.Length);
        int channels = image.Channels;
        for (int y = 0; y < rows; y++)
        {
            Span<byte> samples = image.Row(firstRow + y);
            ReadOnlySpan<float> values = plane.Slice(y * image.Width, image.Width);
            for (int x = 0, sample = channel; x < values.Length; x++, sample += channels) samples[sample] = ToByte(values[x]);
        }
    }

    /// <summary>The sample nearest to a value in 0..1: halves go up, values outside are clamped, NaN is 0.</summary>
    public static byte ToByte(float value)
    {
        // In double, because 0.49999997 + 0.5 is 1 in single precision.
        double scaled = (value * 255.0) + 0.5;
        return scaled >= 256 ? byte.MaxValue : scaled >= 1 ? (byte)scaled : (byte)0;
    }

    private static void CheckChannel(Image image, int channel)
    {
        if ((uint)channel >= (uint)image.Channels)
            throw new ArgumentOutOfRangeException(nameof(channel), channel, Invariant($"The picture has {image.Channels} channels."));
    }

    private static int CheckBand(Image image, int firstRow, int rows, int planes, int length)
    {
        if (firstRow < 0 || rows < 0 || rows > image.Height - firstRow)
            throw new ArgumentOutOfRangeException(nameof(rows), Invariant($"Rows {firstRow} to {(long)firstRow + rows} lie outside the picture's {image.Height} rows."));
        long expected = (long)planes * rows * image.Width;
        if (length != expected)
            throw new ArgumentException(Invariant($"The planes hold {length} values, expected {expected} ({planes} x {rows} x {image.Width})."), nameof(length));
        return rows;
    }
}

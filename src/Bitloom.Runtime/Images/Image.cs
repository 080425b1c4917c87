namespace Bitloom.Runtime.Images;

/// <summary>
/// A picture in memory: 8 bits a sample, the samples of a pixel side by side, rows from the top, no gaps between rows.
/// </summary>
public sealed class Image
{
    /// <summary>A picture of zeros: black, and transparent where there is alpha.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or channels are not 1 to 4, or the whole passes the largest array.</exception>
    public Image(int width, int height, int channels)
        : this(width, height, channels, new byte[ByteCount(width, height, channels)])
    {
    }

    /// <summary>A picture over existing samples, which are not copied.</summary>
    /// <exception cref="ArgumentException">The array's length is not width x height x channels.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        int expected = ByteCount(width, height, channels);
        if (pixels.Length != expected)
            throw new ArgumentException(Invariant($"{pixels.Length} bytes given, {width} x {height} pixels of {channels} channels take {expected}."), nameof(pixels));
        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Samples a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</summary>
    public int Channels { get; }

    /// <summary>Samples a pixel without alpha: 1 or 3.</summary>
    public int ColourChannels => Channels - (HasAlpha ? 1 : 0);

    /// <summary>True for 2 and 4 channels: the last sample of a pixel is its opacity, colours are not multiplied by it.</summary>
    public bool HasAlpha => (Channels & 1) == 0;

    /// <summary>The samples: height x width x channels.</summary>
    public byte[] Pixels { get; }

    /// <summary>The samples of one row.</summary>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return Pixels.AsSpan(y * Width * Channels, Width * Channels);
    }

    /// <summary>A copy of a rectangle that lies inside the picture.</summary>
    public Image Crop(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        var cropped = new Image(width, height, Channels);
        for (int row = 0; row < height; row++) Row(y + row).Slice(x * Channels, width * Channels).CopyTo(cropped.Row(row));
        return cropped;
    }

    /// <summary>
    /// A copy with another number of channels: grey is repeated into RGB, RGB becomes grey by BT.601 weights, missing alpha is
    /// opaque, and alpha that is not wanted is dropped.
    /// </summary>
    public Image WithChannels(int channels)
    {
        var converted = new Image(Width, Height, channels);
        bool toGrey = converted.ColourChannels == 1, fromGrey = ColourChannels == 1;
        for (int source = 0, target = 0; target < converted.Pixels.Length; source += Channels, target += channels)
        {
            ReadOnlySpan<byte> from = Pixels.AsSpan(source, Channels);
            Span<byte> to = converted.Pixels.AsSpan(target, channels);
            if (toGrey) to[0] = fromGrey ? from[0] : Grey(from);
            else if (fromGrey) to[..3].Fill(from[0]);
            else from[..3].CopyTo(to);
            if (converted.HasAlpha) to[^1] = HasAlpha ? from[^1] : byte.MaxValue;
        }

        return converted;
    }

    // Full-range luma in thousandths, rounded; the weights add up to one, so equal samples keep their value.
    private static byte Grey(ReadOnlySpan<byte> rgb) => (byte)(((299 * rgb[0]) + (587 * rgb[1]) + (114 * rgb[2]) + 500) / 1000);

    private static int ByteCount(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);

        // The product of two positive 32-bit sizes fits 62 bits, so only the last factor can pass 64 bits: divide instead.
        if ((long)width * height > Array.MaxLength / channels)
            throw new ArgumentOutOfRangeException(nameof(width), Invariant($"{width} x {height} pixels of {channels} channels do not fit one array of {Array.MaxLength} bytes; split the picture."));
        return width * height * channels;
    }
}

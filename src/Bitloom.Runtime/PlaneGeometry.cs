namespace Bitloom.Runtime;

/// <summary>
/// How a channel of <c>height x width</c> pixels lies in the arena, as fp32 and as bits.
/// <para>
/// Rows are <see cref="Pitch"/> pixels apart; the pixels between <see cref="Width"/> and the pitch are a gap of zeros that serves as
/// the right padding of one row and the left padding of the next. Before row 0 stands a margin of zeros, the top padding, which is
/// also the bottom padding of the channel before. So a convolution reads every tap at <c>pixel + dy * Pitch + dx</c> with no test
/// for borders, and treats a channel as one run of pixels, in blocks of <see cref="BlockPixels"/>, whatever the width of a row.
/// </para>
/// </summary>
public sealed class PlaneGeometry
{
    /// <summary>Pixels of a block: the widest vector's number of bits.</summary>
    public const int BlockPixels = 512;

    /// <summary>Pixels of one channel at most: offsets within a channel stay within 32 bits.</summary>
    public const int MaximumPixels = 1 << 28;

    // Pixels of the widest vector of floats.
    private const int LeastUnit = 16;

    private readonly int _interior;

    /// <summary>Lays out planes.</summary>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Pixels a row, 1 or more.</param>
    /// <param name="verticalPadding">Rows of zeros that some reader needs above and below.</param>
    /// <param name="horizontalPadding">Pixels of zeros that some reader needs left and right.</param>
    /// <param name="inBlocks">
    /// True where some kernel takes a channel in whole blocks. Where all work by rows, planes are as small as they can be: those of a
    /// small image then lie close together, and a kernel that goes through many channels reads them as one stream.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or the plane would exceed <see cref="MaximumPixels"/>.</exception>
    public PlaneGeometry(int height, int width, int verticalPadding, int horizontalPadding, bool inBlocks = true)
    {
        if (height < 1 || width < 1)
            throw new ArgumentOutOfRangeException(height < 1 ? nameof(height) : nameof(width), $"The image is too small for this network: a tensor of it would be {height} x {width} pixels.");
        long pitch = RoundUp((long)width + horizontalPadding, 8);
        int unit = inBlocks ? BlockPixels : LeastUnit;
        long margin = RoundUp((verticalPadding * pitch) + horizontalPadding, unit);
        long interior = RoundUp(height * pitch, unit);
        if (margin + interior > MaximumPixels)
            throw new ArgumentOutOfRangeException(nameof(height), $"{height} x {width} pixels are more than a session takes at once; run the image in bands.");
        (Height, Width, Pitch, Margin) = (height, width, (int)pitch, (int)margin);
        _interior = (int)interior;
        Blocks = (int)RoundUp(interior, BlockPixels) / BlockPixels;
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels a row that hold the image.</summary>
    public int Width { get; }

    /// <summary>Pixels from one row to the next, a multiple of 8.</summary>
    public int Pitch { get; }

    /// <summary>Pixels of zeros before row 0, a multiple of a block where kernels take whole blocks.</summary>
    public int Margin { get; }

    /// <summary>Blocks that cover all rows.</summary>
    public int Blocks { get; }

    /// <summary>
    /// fp32 values from one channel to the next. The extra 16 keep equal pixels of different channels out of the same cache set.
    /// </summary>
    public int FloatStride => Margin + _interior + 16;

    /// <summary>Bytes from one channel's bits to the next's.</summary>
    public int BitStride => (Margin + (Blocks * BlockPixels)) / 8;

    /// <summary>Bytes of an fp32 tensor, with the margin after the last channel and what vectors read beyond it.</summary>
    public long FloatBytes(int channels) => RoundUp((((long)channels * FloatStride) + Margin + BlockPixels) * sizeof(float), 64);

    /// <summary>Bytes of a tensor of signs, with the margin after the last channel and what vectors read before and beyond it.</summary>
    public long BitBytes(int channels) => RoundUp(64 + ((long)channels * BitStride) + (Margin / 8) + 128, 64);

    /// <summary>Offset in fp32 values of channel 0, pixel (0, 0).</summary>
    public int FloatOrigin => Margin;

    /// <summary>Offset in bytes of the bit of channel 0, pixel (0, 0).</summary>
    public int BitOrigin => 64 + (Margin / 8);

    /// <summary>Bytes of a mask.</summary>
    public int MaskBytes => Blocks * BlockPixels / 8;

    /// <summary>Writes <see cref="MaskBytes"/>: bits that are 1 where a pixel belongs to the image and 0 in the gap and after the last row.</summary>
    public unsafe void WriteMask(byte* target)
    {
        var mask = new Span<byte>(target, MaskBytes);
        mask.Clear();
        for (int y = 0; y < Height; y++)
        {
            int first = y * Pitch;
            mask.Slice(first / 8, Width / 8).Fill(0xFF);
            for (int pixel = first + (Width & ~7); pixel < first + Width; pixel++) mask[pixel >> 3] |= (byte)(1 << (pixel & 7));
        }
    }

    private static long RoundUp(long value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

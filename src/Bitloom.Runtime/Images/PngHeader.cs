using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>What a PNG pixel is made of; the values are those of the IHDR chunk.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>One of the seven sub-pictures of an interlaced PNG: every <c>StepX</c>-th pixel of every <c>StepY</c>-th row.</summary>
internal readonly record struct PngPass(int FirstX, int FirstY, int StepX, int StepY)
{
    /// <summary>The whole picture, as files that are not interlaced store it.</summary>
    internal static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    /// <summary>The passes of the Adam7 scheme.</summary>
    internal static readonly PngPass[] Adam7 =
        [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    /// <summary>Pixels a row of this pass; 0 where the picture is too narrow for it.</summary>
    internal int WidthOf(int width) => width <= FirstX ? 0 : ((width - FirstX - 1) / StepX) + 1;

    /// <summary>Rows of this pass; 0 where the picture is too low for it.</summary>
    internal int HeightOf(int height) => height <= FirstY ? 0 : ((height - FirstY - 1) / StepY) + 1;
}

/// <summary>The IHDR chunk: size in pixels and how samples are stored.</summary>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColour Colour, bool IsInterlaced)
{
    /// <summary>Bytes of the chunk.</summary>
    internal const int Length = 13;

    /// <summary>Stored samples a pixel; a palette index is one.</summary>
    internal int SamplesPerPixel => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.RgbAlpha => 4, _ => 1 };

    /// <summary>Distance in bytes between a sample and the one that filters predict it from.</summary>
    internal int FilterDistance => Math.Max(1, SamplesPerPixel * BitDepth / 8);

    /// <summary>The sub-pictures in file order.</summary>
    internal PngPass[] Passes => IsInterlaced ? PngPass.Adam7 : PngPass.Whole;

    /// <summary>Bytes of a stored row of that many pixels, without its filter byte.</summary>
    internal long RowBytes(int width) => (((long)width * SamplesPerPixel * BitDepth) + 7) / 8;

    /// <summary>Bytes that the compressed data must inflate to, filter bytes included.</summary>
    internal long InflatedBytes => Passes.Sum(pass => pass.WidthOf(Width) == 0 ? 0 : pass.HeightOf(Height) * (1 + RowBytes(pass.WidthOf(Width))));

    /// <summary>Reads and checks the chunk.</summary>
    internal static PngHeader Parse(ReadOnlySpan<byte> data, long maximumPixels)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0) throw Wrong($"the size {width} x {height} has no pixels");
        if (width > int.MaxValue || height > int.MaxValue) throw Wrong($"the size {width} x {height} passes the format's limit of {int.MaxValue}");
        if ((long)width * height > maximumPixels)
            throw new ImageFormatException(Invariant($"PNG: {width} x {height} pixels pass the limit of {maximumPixels}; raise the limit if the file can be trusted, or split the picture."));

        int depth = data[8];
        bool isKnown = data[9] switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown) throw Wrong($"colour type {data[9]} with {depth} bits a sample does not exist");
        if (data[10] != 0) throw Wrong($"compression method {data[10]} does not exist");
        if (data[11] != 0) throw Wrong($"filter method {data[11]} does not exist");
        if (data[12] > 1) throw Wrong($"interlace method {data[12]} does not exist");
        var header = new PngHeader((int)width, (int)height, depth, (PngColour)data[9], data[12] == 1);
        if (header.RowBytes(header.Width) >= Array.MaxLength || (long)width * height > Array.MaxLength / 4)
            throw new ImageFormatException(Invariant($"PNG: {width} x {height} pixels do not fit one array; split the picture."));
        return header;
    }

    private static ImageFormatException Wrong(FormattableString what) =>
        new($"PNG chunk IHDR at byte 8: {Invariant(what)}; the file is damaged or not a PNG: export it again.");
}

namespace Bitloom.Runtime.Images;

/// <summary>
/// Reads the binary Netpbm forms P5 (PGM, grey) and P6 (PPM, RGB), 8 or 16 bits a sample, scaled from 0..maxval to 0..255 by
/// rounding. Only the first picture of a file is read.
/// </summary>
public static class NetpbmReader
{
    // Headers of real files take a few dozen bytes. The limit keeps a file of nothing but comments from being searched to its end.
    private const int LongestHeader = 1 << 16;

    /// <summary>Reads one picture from the present position of a stream.</summary>
    /// <exception cref="ImageFormatException">The data are not such a picture.</exception>
    public static Image Read(Stream source, long maximumPixels = PngReader.DefaultMaximumPixels)
    {
        ArgumentNullException.ThrowIfNull(source);
        int offset = 0;
        if (NextByte(source, ref offset) != 'P') throw Wrong(0, $"it does not start with P5 or P6");
        int kind = NextByte(source, ref offset);
        if (kind is not ('5' or '6')) throw Wrong(1, $"only the binary forms P5 and P6 are read");
        int next = NextByte(source, ref offset);
        if (next == '#') SkipComment(source, ref offset);
        else if (!IsSpace(next)) throw Wrong(2, $"white space must follow P{(char)kind}");

        int channels = kind == '5' ? 1 : 3;
        int width = ReadNumber(source, ref offset, "width", int.MaxValue), height = ReadNumber(source, ref offset, "height", int.MaxValue);
        int largest = ReadNumber(source, ref offset, "maximum value", 65535);

        if ((long)width * height > Math.Min(maximumPixels, Array.MaxLength / 6))
            throw new ImageFormatException(Invariant($"Netpbm: {width} x {height} pixels pass the limit of {Math.Min(maximumPixels, Array.MaxLength / 6)}; raise the limit if the file can be trusted, or split the picture."));
        int sampleBytes = largest > 255 ? 2 : 1;
        long expected = (long)width * height * channels * sampleBytes;
        if (source.CanSeek && source.Length - source.Position < expected)
            throw Wrong(offset, $"{expected} bytes of pixels should follow, {source.Length - source.Position} are there");
        return ReadPixels(source, new Image(width, height, channels), largest, offset);
    }

    private static Image ReadPixels(Stream source, Image image, int largest, long offset)
    {
        int sampleBytes = largest > 255 ? 2 : 1;
        var stored = new byte[image.Width * image.Channels * sampleBytes];
        for (int y = 0; y < image.Height; y++, offset += stored.Length)
        {
            int count = source.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false);
            if (count < stored.Length) throw Wrong(offset + count, $"the file ends in row {y} of {image.Height}");
            Span<byte> row = image.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                int sample = sampleBytes == 1 ? stored[i] : (stored[2 * i] << 8) | stored[(2 * i) + 1];
                if (sample > largest) throw Wrong(offset + (i * sampleBytes), $"the sample {sample} passes the declared maximum {largest}");
                row[i] = (byte)(((sample * 255) + (largest / 2)) / largest);
            }
        }

        return image;
    }

    // White space and comments, then digits, then the one byte of white space or the comment that ends the number.
    private static int ReadNumber(Stream source, ref int offset, string name, int limit)
    {
        int start, value;
        do
        {
            start = offset;
            value = NextByte(source, ref offset);
            if (value == '#') SkipComment(source, ref offset);
        }
        while (value == '#' || IsSpace(value));

        long number = 0;
        for (; value is >= '0' and <= '9'; value = NextByte(source, ref offset))
        {
            number = (number * 10) + (value - '0');
            if (number > limit) throw Wrong(start, $"the {name} passes {limit}");
        }

        if (offset - 1 == start) throw Wrong(start, $"the {name} is missing");
        if (number == 0) throw Wrong(start, $"the {name} is 0");
        if (value == '#') SkipComment(source, ref offset);
        else if (!IsSpace(value)) throw Wrong(offset - 1, $"white space must end the {name}");
        return (int)number;
    }

    private static void SkipComment(Stream source, ref int offset)
    {
        while (NextByte(source, ref offset) is not ('\n' or '\r'))
        {
        }
    }

    private static bool IsSpace(int value) => value is ' ' or (>= '\t' and <= '\r');

    private static int NextByte(Stream source, ref int offset)
    {
        int value = source.ReadByte();
        if (value < 0) throw Wrong(offset, $"the file ends in the header");
        if (++offset > LongestHeader) throw Wrong(offset, $"the header passes {LongestHeader} bytes");
        return value;
    }

    private static ImageFormatException Wrong(long offset, FormattableString what) =>
        new(Invariant($"Netpbm at byte {offset}: {Invariant(what)}; write the picture again as binary PPM (P6), PGM (P5) or PNG."));
}

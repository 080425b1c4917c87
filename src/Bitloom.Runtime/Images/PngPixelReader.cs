using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>
/// Turns stored samples of 1 to 16 bits into 8-bit pixels: small depths are stretched to 0..255, 16 bits are rounded to the
/// nearest of 8, palette indices become RGB, and the tRNS chunk becomes alpha.
/// </summary>
internal sealed class PngPixelReader
{
    private readonly PngHeader _header;
    private readonly byte[] _palette;
    private readonly byte[] _paletteAlpha;
    private readonly int[]? _transparent;

    /// <param name="header">How samples are stored.</param>
    /// <param name="palette">RGB of each index; empty for other colour types.</param>
    /// <param name="transparency">The data of the tRNS chunk, its length checked; null where there is none.</param>
    internal PngPixelReader(PngHeader header, byte[] palette, byte[]? transparency)
    {
        _header = header;
        _palette = palette;
        _paletteAlpha = transparency ?? [];
        int colours = header.Colour is PngColour.Grey or PngColour.GreyAlpha ? 1 : 3;
        bool hasAlpha = transparency is not null || header.Colour is PngColour.GreyAlpha or PngColour.RgbAlpha;
        Channels = colours + (hasAlpha ? 1 : 0);
        if (transparency is null || header.Colour == PngColour.Palette) return;

        // One colour is fully transparent. Only as many low bits count as a sample has.
        _transparent = new int[colours];
        for (int channel = 0; channel < colours; channel++)
            _transparent[channel] = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(channel * 2)) & ((1 << header.BitDepth) - 1);
    }

    /// <summary>Samples of a pixel that comes out.</summary>
    internal int Channels { get; }

    /// <summary>Converts a row of <paramref name="width"/> pixels. Returns false where a palette index has no colour.</summary>
    internal bool TryExpand(ReadOnlySpan<byte> row, int width, Span<byte> pixels)
    {
        if (_header.Colour == PngColour.Palette) return TryExpandPalette(row, width, pixels);
        if (_transparent is { } transparent) ExpandTransparent(row, width, pixels, transparent);
        else if (_header.BitDepth == 8) row[..(width * Channels)].CopyTo(pixels);
        else for (int i = 0; i < width * Channels; i++) pixels[i] = ToByte(Sample(row, i));
        return true;
    }

    private bool TryExpandPalette(ReadOnlySpan<byte> row, int width, Span<byte> pixels)
    {
        for (int x = 0, target = 0; x < width; x++, target += Channels)
        {
            int index = Sample(row, x);
            if (index * 3 >= _palette.Length) return false;
            _palette.AsSpan(index * 3, 3).CopyTo(pixels[target..]);
            if (Channels == 4) pixels[target + 3] = index < _paletteAlpha.Length ? _paletteAlpha[index] : byte.MaxValue;
        }

        return true;
    }

    // Compared before rounding to 8 bits, because neighbours of the transparent colour in 16 bits are opaque.
    private void ExpandTransparent(ReadOnlySpan<byte> row, int width, Span<byte> pixels, int[] transparent)
    {
        for (int x = 0, target = 0; x < width; x++)
        {
            bool isTransparent = true;
            for (int channel = 0; channel < transparent.Length; channel++)
            {
                int sample = Sample(row, (x * transparent.Length) + channel);
                isTransparent &= sample == transparent[channel];
                pixels[target++] = ToByte(sample);
            }

            pixels[target++] = isTransparent ? (byte)0 : byte.MaxValue;
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        int depth = _header.BitDepth;
        if (depth == 8) return row[index];
        if (depth == 16) return BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..]);
        int bit = index * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }

    // Exact for every depth: the largest sample becomes 255, and there are no halves to decide on, as the divisor is odd.
    private byte ToByte(int sample)
    {
        int largest = (1 << _header.BitDepth) - 1;
        return (byte)(((sample * 255) + (largest / 2)) / largest);
    }
}

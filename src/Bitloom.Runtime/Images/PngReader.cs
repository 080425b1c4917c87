using System.IO.Compression;

namespace Bitloom.Runtime.Images;

/// <summary>
/// Reads PNG (ISO/IEC 15948): every colour type and depth, interlaced or not, with alpha from tRNS, to 8 bits a sample. Colour
/// profiles and gamma are ignored: samples are taken as they are. Checksums, chunk order and sizes are checked; what follows
/// the IEND chunk is not read. A file cannot make it allocate or inflate more than the size it declares, which is limited.
/// </summary>
public sealed class PngReader
{
    /// <summary>The largest number of pixels that is read unless the caller sets another.</summary>
    public const long DefaultMaximumPixels = 1L << 28;

    // Deflate stores at best 258 bytes in 2 bits.
    private const long LargestDeflateRatio = 1032;

    private readonly Stream _source;
    private readonly PngChunkReader _chunks;
    private byte[]? _palette;
    private byte[]? _transparency;

    private PngReader(Stream source)
    {
        _source = source;
        _chunks = new PngChunkReader(source);
    }

    /// <summary>Reads one picture from the present position of a stream.</summary>
    /// <exception cref="ImageFormatException">The data are not a PNG that can be shown.</exception>
    public static Image Read(Stream source, long maximumPixels = DefaultMaximumPixels)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new PngReader(source).Read(maximumPixels);
    }

    private Image Read(long maximumPixels)
    {
        _chunks.ReadSignature();
        _chunks.Next();
        if (_chunks.Type != "IHDR") throw _chunks.Wrong($"the first chunk must be IHDR");
        if (_chunks.Length != PngHeader.Length) throw _chunks.Wrong($"its length is {_chunks.Length}, not {PngHeader.Length}");
        PngHeader header = PngHeader.Parse(_chunks.ReadAll(), maximumPixels);
        ReadToPixels(header);
        Image image = ReadPixels(header);
        ReadToEnd();
        return image;
    }

    // Leaves the chunk reader at the first IDAT chunk.
    private void ReadToPixels(PngHeader header)
    {
        for (_chunks.Next(); _chunks.Type != "IDAT"; _chunks.Next())
        {
            switch (_chunks.Type)
            {
                case "PLTE":
                    ReadPalette(header);
                    break;
                case "tRNS":
                    ReadTransparency(header);
                    break;
                case "IHDR":
                    throw _chunks.Wrong($"a second IHDR");
                case "IEND":
                    throw _chunks.Wrong($"the file has no pixels (no IDAT chunk)");
                default:
                    SkipUnknown();
                    break;
            }
        }

        if (header.Colour == PngColour.Palette && _palette is null) throw _chunks.Wrong($"pixels are palette indices and there is no PLTE chunk before them");
    }

    private void ReadToEnd()
    {
        for (; _chunks.Type != "IEND"; _chunks.Next())
        {
            if (_chunks.Type is "IHDR" or "PLTE" or "tRNS") throw _chunks.Wrong($"this chunk must stand before the pixels");
            if (_chunks.Type == "IDAT") throw _chunks.Wrong($"other chunks stand between the IDAT chunks");
            SkipUnknown();
        }

        if (_chunks.Length != 0) throw _chunks.Wrong($"its length is {_chunks.Length}, not 0");
        _chunks.Finish();
    }

    private void SkipUnknown()
    {
        if (_chunks.IsCritical)
            throw new ImageFormatException(Invariant($"PNG chunk {_chunks.Type} at byte {_chunks.Start}: a critical chunk that is not in the PNG standard; convert the file to a standard PNG."));
        _chunks.Finish();
    }

    private void ReadPalette(PngHeader header)
    {
        if (_palette is not null) throw _chunks.Wrong($"a second PLTE");
        if (header.Colour is PngColour.Grey or PngColour.GreyAlpha) throw _chunks.Wrong($"a grey picture has no palette");
        if (_transparency is not null) throw _chunks.Wrong($"it must stand before tRNS");
        int length = _chunks.Length;
        if (length is 0 or > 768 || length % 3 != 0) throw _chunks.Wrong($"its length {length} is not 3 bytes for each of 1 to 256 colours");
        _palette = _chunks.ReadAll();
    }

    private void ReadTransparency(PngHeader header)
    {
        if (_transparency is not null) throw _chunks.Wrong($"a second tRNS");
        int length = _chunks.Length;
        switch (header.Colour)
        {
            case PngColour.Palette when _palette is null:
                throw _chunks.Wrong($"it must stand after PLTE");
            case PngColour.Palette when length == 0 || length > _palette.Length / 3:
                throw _chunks.Wrong($"{length} alpha values for a palette of {_palette.Length / 3} colours");
            case PngColour.Grey or PngColour.Rgb when length != header.SamplesPerPixel * 2:
                throw _chunks.Wrong($"its length is {length}, not {header.SamplesPerPixel * 2}");
            case PngColour.GreyAlpha or PngColour.RgbAlpha:
                throw _chunks.Wrong($"the picture has an alpha channel already");
        }

        _transparency = _chunks.ReadAll();
    }

    private Image ReadPixels(PngHeader header)
    {
        // A few bytes that declare a giant picture are refused here, before memory is taken for it.
        if (_source.CanSeek && header.InflatedBytes / LargestDeflateRatio > _source.Length - _source.Position)
            throw _chunks.Wrong($"{header.Width} x {header.Height} pixels cannot be in the {_source.Length - _source.Position} bytes that are left of the file");

        var pixels = new PngPixelReader(header, _palette ?? [], _transparency);
        var image = new Image(header.Width, header.Height, pixels.Channels);
        using var data = new PngDataStream(_chunks);
        try
        {
            using var inflated = new ZLibStream(data, CompressionMode.Decompress, leaveOpen: true);
            foreach (PngPass pass in header.Passes)
                if (pass.WidthOf(header.Width) > 0) ReadPass(header, pass, pixels, inflated, image);

            // Reading past the last row makes zlib verify its own checksum, too.
            if (inflated.ReadByte() >= 0) throw _chunks.Wrong($"more pixels than {header.Width} x {header.Height}");
        }
        catch (Exception failure) when (failure is InvalidDataException || (failure is IOException && !data.HasSourceFailed))
        {
            throw _chunks.Wrong($"the compressed pixels cannot be inflated", failure);
        }

        data.SkipToEnd();
        return image;
    }

    private void ReadPass(PngHeader header, PngPass pass, PngPixelReader pixels, Stream inflated, Image image)
    {
        int width = pass.WidthOf(header.Width), height = pass.HeightOf(header.Height), channels = image.Channels;
        byte[] stored = new byte[1 + header.RowBytes(width)], above = new byte[stored.Length];
        byte[] scattered = pass.StepX == 1 ? [] : new byte[width * channels];
        for (int y = 0; y < height; y++)
        {
            if (inflated.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false) < stored.Length)
                throw _chunks.Wrong($"the compressed pixels end before row {y} of {height}");
            if (!PngFilter.TryRestore(stored[0], stored.AsSpan(1), above.AsSpan(1), header.FilterDistance))
                throw _chunks.Wrong($"row {y} names filter {stored[0]}, which does not exist");

            Span<byte> target = image.Row(pass.FirstY + (y * pass.StepY));
            Span<byte> expanded = pass.StepX == 1 ? target : scattered;
            if (!pixels.TryExpand(stored.AsSpan(1), width, expanded))
                throw _chunks.Wrong($"row {y} has a palette index past the {_palette!.Length / 3} colours of the palette");
            for (int x = 0; x < scattered.Length; x += channels)
                scattered.AsSpan(x, channels).CopyTo(target[((pass.FirstX * channels) + (x * pass.StepX))..]);
            (stored, above) = (above, stored);
        }
    }
}

namespace Bitloom.Runtime.Images;

/// <summary>
/// Pictures as files. Loading goes by content: PNG, binary PPM or PGM. Saving goes by extension: <c>.png</c>, <c>.ppm</c>, <c>.pgm</c>.
/// </summary>
public static class ImageFile
{
    private const string Supported = "PNG (.png), binary PPM (.ppm) or binary PGM (.pgm)";

    /// <summary>Loads a picture.</summary>
    /// <exception cref="ImageFormatException">The file is of another format, damaged or larger than the limit; the message starts with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path, long maximumPixels = PngReader.DefaultMaximumPixels)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            // A copy of the first bytes is put back by seeking; pipes and devices that cannot seek are no picture files.
            if (!file.CanSeek) throw new ImageFormatException("it is a pipe or a device; give a regular file.");
            Span<byte> buffer = stackalloc byte[ImageSignature.Length];
            ReadOnlySpan<byte> start = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
            file.Position = 0;
            if (start.Length == 0) throw new ImageFormatException("the file is empty; copy or export it again.");
            if (start.StartsWith("P5"u8) || start.StartsWith("P6"u8)) return NetpbmReader.Read(file, maximumPixels);

            // Four bytes are enough, so that a PNG whose signature was damaged by a text transfer is reported as such.
            if (start.StartsWith(PngChunkReader.Signature[..4])) return PngReader.Read(file, maximumPixels);
            throw ImageSignature.NameOfUnsupported(start) is { } name
                ? new ImageFormatException($"the file is {name}, which Bitloom does not read; convert it to {Supported}.")
                : new ImageFormatException($"the file is no picture that Bitloom knows; convert it to {Supported}.");
        }
        catch (ImageFormatException failure)
        {
            throw new ImageFormatException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Saves a picture. The file appears complete or not at all.
    /// </summary>
    /// <exception cref="ImageFormatException">The extension is none of the supported ones, or its format cannot hold the picture.</exception>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture.</param>
    /// <param name="cancellation">Looked at on every write to the disk; when it is cancelled nothing is left in the folder.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the file was complete.</exception>
    public static void Save(string path, Image image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        Action<Stream, Image> write = WriterOf(path, ref image);
        WholeFile.Write(path, stream => write(stream, image), cancellation);
    }

    private static Action<Stream, Image> WriterOf(string path, ref Image image)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        switch (extension)
        {
            case ".png":
                return static (stream, picture) => PngWriter.Write(stream, picture);
            case ".ppm" or ".pgm" when image.HasAlpha:
                throw new ImageFormatException($"{path}: PPM and PGM hold no alpha; save as .png, or drop the alpha first.");
            case ".pgm" when image.Channels != 1:
                throw new ImageFormatException($"{path}: PGM holds grey only and the picture has colours; save as .ppm or .png.");
            case ".ppm" or ".pgm":
                // Grey as .ppm becomes RGB, because the extension promises it.
                if (extension == ".ppm" && image.Channels == 1) image = image.WithChannels(3);
                return NetpbmWriter.Write;
            case "":
                throw new ImageFormatException($"{path}: the extension tells the format and there is none; use {Supported}.");
            default:
                throw new ImageFormatException($"{path}: '{extension}' is not an extension that Bitloom writes; use {Supported}.");
        }
    }
}

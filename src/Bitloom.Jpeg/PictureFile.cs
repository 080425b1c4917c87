using Bitloom.Runtime.Images;

namespace Bitloom.Jpeg;

/// <summary>Loads pictures of every kind that Bitloom reads: JPEG here, others by <see cref="ImageFile"/>. The content tells the kind.</summary>
public static class PictureFile
{
    /// <summary>Extensions of files that are looked for in a folder.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".ppm", ".pgm", ".jpg", ".jpeg"];

    /// <summary>True where a file's extension is among <see cref="Extensions"/>.</summary>
    public static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Loads a picture.</summary>
    /// <exception cref="ImageFormatException">The file is of another format, damaged or larger than the limit; the message starts with the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path, long maximumPixels = PngReader.DefaultMaximumPixels)
    {
        if (!IsJpeg(path)) return ImageFile.Load(path, maximumPixels);
        try
        {
            return JpegCodec.Decode(File.ReadAllBytes(path), maximumPixels);
        }
        catch (ImageFormatException failure)
        {
            throw new ImageFormatException($"{path}: {failure.Message}", failure);
        }
    }

    private static bool IsJpeg(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (!file.CanSeek) throw new ImageFormatException($"{path}: it is a pipe or a device; give a regular file.");
        Span<byte> start = stackalloc byte[3];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start is [0xFF, 0xD8, 0xFF];
    }
}

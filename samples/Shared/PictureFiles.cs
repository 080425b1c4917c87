using Bitloom.Jpeg;
using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>
/// Reads and writes the picture files, and finds what is wrong with them before any time is spent on the picture. Failures are told
/// in words of our own: a native executable leaves out the framework's messages.
/// </summary>
public static class PictureFiles
{
    /// <summary>Loads a picture.</summary>
    /// <exception cref="BadInputException">There is no such file, or it may not be read; with the path and the remedy.</exception>
    /// <exception cref="ImageFormatException">It is damaged or no picture; with the path and the remedy.</exception>
    /// <exception cref="MachineFailureException">The disk failed; with the path and the remedy.</exception>
    public static Image Load(string input)
    {
        CheckInput(input);
        try
        {
            return PictureFile.Load(input);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MachineFailureException($"{input}: it cannot be read to its end; check the disk that it lies on");
        }
    }

    /// <summary>Checks that there is something to read and a place to write.</summary>
    /// <exception cref="BadInputException">With the path and the remedy.</exception>
    internal static void CheckPaths(string input, string output)
    {
        CheckInput(input);
        if (Extension(output) is not (".png" or ".ppm" or ".pgm"))
            throw new BadInputException($"{output}: the extension tells the format; use .png, .ppm or .pgm");
        if (Directory.Exists(output)) throw new BadInputException($"{output}: it is a folder; give a file name");
        if (Path.GetFullPath(input) == Path.GetFullPath(output)) throw new BadInputException($"{output}: it is the input too; give another name");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output)))) throw new BadInputException($"{output}: its folder does not exist; create it first");
    }

    /// <summary>Checks that the output's format can hold the result.</summary>
    /// <exception cref="BadInputException">With the path and the remedy.</exception>
    internal static void CheckFormat(string output, Image picture, int scale)
    {
        if (Extension(output) is ".ppm" or ".pgm" && picture.HasAlpha)
            throw new BadInputException($"{output}: the picture has alpha, which PPM and PGM do not hold; use .png");
        if (Extension(output) == ".pgm" && picture.Channels != 1)
            throw new BadInputException($"{output}: the picture has colours, which PGM does not hold; use .png or .ppm");
        if ((long)picture.Pixels.Length * scale * scale > Array.MaxLength)
            throw new BadInputException(Invariant($"{output}: {scale} times {picture.Width} x {picture.Height} pixels are more than one picture holds; split the input"));
    }

    /// <summary>Saves the result, complete or not at all.</summary>
    /// <exception cref="MachineFailureException">With the path and the remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the file was complete.</exception>
    internal static void Save(string output, Image result, CancellationToken cancellation)
    {
        try
        {
            ImageFile.Save(output, result, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MachineFailureException($"{output}: it cannot be written; check the folder's permissions and the free space on its disk");
        }
    }

    private static void CheckInput(string input)
    {
        if (Directory.Exists(input)) throw new BadInputException($"{input}: it is a folder; give a picture in it");
        if (!File.Exists(input)) throw new BadInputException($"{input}: there is no such file; check the path");
        try
        {
            using FileStream file = File.OpenRead(input);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{input}: it cannot be read; check its permissions and that no program holds it open");
        }
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();
}

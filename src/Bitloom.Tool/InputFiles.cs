using System.Security;
using Bitloom.Jpeg;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary>Reads input files, and says in one line why one cannot be read.</summary>
internal static class InputFiles
{
    /// <summary>The whole file.</summary>
    /// <exception cref="BadInputException">It does not exist, is a folder, or cannot be read.</exception>
    internal static byte[] ReadBytes(string path) => Read(path, File.ReadAllBytes);

    /// <summary>The whole file as UTF-8 text.</summary>
    /// <exception cref="BadInputException">It does not exist, is a folder, or cannot be read.</exception>
    internal static string ReadText(string path) => Read(path, File.ReadAllText);

    /// <summary>A picture.</summary>
    /// <exception cref="BadInputException">It cannot be read, is damaged, or is of an unknown format.</exception>
    internal static Image ReadImage(string path)
    {
        try
        {
            return Read(path, p => PictureFile.Load(p));
        }
        catch (ImageFormatException failure)
        {
            throw new BadInputException(failure.Message);
        }
    }

    private static T Read<T>(string path, Func<string, T> read)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, "is a folder", "name a file");
        if (!File.Exists(path)) throw new BadInputException(path, "no such file", "check the path");
        try
        {
            return read(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new BadInputException(path, $"cannot be read ({failure.Message.TrimEnd('.')})", "check its permissions");
        }
    }
}

using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary>
/// Writes results so that a file is either complete or absent: everything goes to a temporary file beside its target first, and
/// targets are replaced only when all are written. An existing file survives every failure.
/// </summary>
internal static class OutputFiles
{
    /// <summary>Held during a write. Whoever ends the process takes it first, so that no write stops half-way.</summary>
    internal static readonly Lock Writing = new();

    private static readonly string[] ImageExtensions = [".png", ".ppm", ".pgm"];

    /// <summary>Refuses a target that cannot be written, before work is spent on its content.</summary>
    /// <exception cref="BadInputException">The folder is missing, or the target is a folder.</exception>
    internal static void CheckTarget(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, "is a folder", "name a file");

        // A device would be replaced by a file, which a user who may do so would regret.
        if (!OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal)) throw new BadInputException(path, "is a device", "name a file");
        string folder = FolderOf(path);
        if (!Directory.Exists(folder)) throw new BadInputException(path, $"the folder '{folder}' does not exist", "create it or choose another output");
    }

    /// <summary>Refuses a target for a picture likewise.</summary>
    /// <exception cref="BadInputException">It cannot be written, or its extension is no picture format.</exception>
    internal static void CheckImageTarget(string path)
    {
        CheckTarget(path);
        if (!ImageExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new BadInputException(path, "the extension names no picture format", $"use one of {string.Join(", ", ImageExtensions)}");
    }

    /// <summary>Writes one file.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    internal static void Write(string path, ReadOnlyMemory<byte> content) => WriteAll([(path, content)]);

    /// <summary>Writes all files or none.</summary>
    /// <exception cref="BadInputException">A target cannot be written.</exception>
    internal static void WriteAll(IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files)
    {
        foreach ((string path, _) in files) CheckTarget(path);
        string[] targets = [.. files.Select(f => FollowLink(f.Path))];
        string[] temporaries = [.. targets.Select(TemporaryBeside)];
        lock (Writing)
        {
            string current = files[0].Path;
            try
            {
                for (int i = 0; i < files.Count; i++)
                {
                    current = files[i].Path;
                    using FileStream stream = new(temporaries[i], FileMode.CreateNew, FileAccess.Write);
                    stream.Write(files[i].Content.Span);
                }

                for (int i = 0; i < files.Count; i++)
                {
                    current = files[i].Path;
                    File.Move(temporaries[i], targets[i], overwrite: true);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                foreach (string temporary in temporaries) File.Delete(temporary);
                throw CannotWrite(current, failure);
            }
        }
    }

    /// <summary>Writes a picture in the format that the extension names.</summary>
    /// <exception cref="BadInputException">The format cannot hold it, or the file cannot be written.</exception>
    internal static void WriteImage(string path, Image image)
    {
        lock (Writing)
        {
            try
            {
                ImageFile.Save(path, image);
            }
            catch (ImageFormatException failure)
            {
                throw new BadInputException(failure.Message);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw CannotWrite(path, failure);
            }
        }
    }

    private static BadInputException CannotWrite(string path, Exception failure) =>
        new(path, $"cannot be written ({failure.Message.TrimEnd('.')})", "choose another output or free the disk");

    // A symbolic link stays, and what it points to is replaced.
    private static string FollowLink(string path) => File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    private static string TemporaryBeside(string path) => Path.Combine(FolderOf(path), $".bitloom.{Guid.NewGuid():N}.partial");
}

using System.Collections.Concurrent;

namespace Bitloom.Tool;

/// <summary>
/// Writes results so that a file is either complete or absent: everything goes to a temporary file beside its target first, and
/// targets are replaced only when all are written. An existing file survives every failure.
/// </summary>
internal static class OutputFiles
{
    // Temporaries that exist right now, for the case that the process has to end in the middle of a write.
    private static readonly ConcurrentDictionary<string, bool> Partial = new();

    /// <summary>Refuses a target that cannot be written, before work is spent on its content.</summary>
    /// <exception cref="BadInputException">The folder is missing, or the target is a folder.</exception>
    internal static void CheckTarget(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, "is a folder", "name a file");
        string folder = FolderOf(path);
        if (!Directory.Exists(folder)) throw new BadInputException(path, $"the folder '{folder}' does not exist", "create it or choose another output");
    }

    /// <summary>Writes one file.</summary>
    internal static void Write(string path, ReadOnlyMemory<byte> content) => WriteAll([(path, content)]);

    /// <summary>Writes all files or none.</summary>
    /// <exception cref="BadInputException">A target cannot be written.</exception>
    internal static void WriteAll(IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files)
    {
        foreach ((string path, _) in files) CheckTarget(path);
        string[] temporaries = [.. files.Select(f => TemporaryBeside(f.Path))];
        string current = files[0].Path;
        try
        {
            for (int i = 0; i < files.Count; i++)
            {
                current = files[i].Path;
                Partial.TryAdd(temporaries[i], true);
                using FileStream stream = new(temporaries[i], FileMode.CreateNew, FileAccess.Write);
                stream.Write(files[i].Content.Span);
            }

            for (int i = 0; i < files.Count; i++)
            {
                current = files[i].Path;
                File.Move(temporaries[i], current, overwrite: true);
                Partial.TryRemove(temporaries[i], out _);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(current, $"cannot be written ({failure.Message.TrimEnd('.')})", "choose another output or free the disk");
        }
        finally
        {
            foreach (string temporary in temporaries) Delete(temporary);
        }
    }

    /// <summary>Removes what an interrupted write has left.</summary>
    internal static void DeletePartial()
    {
        foreach (string temporary in Partial.Keys) Delete(temporary);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    private static string TemporaryBeside(string path) =>
        Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.partial");

    private static void Delete(string temporary)
    {
        if (!Partial.TryRemove(temporary, out _)) return;
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The write has failed already, and its message is the one that helps.
        }
    }
}

namespace Bitloom.Runtime.Images;

/// <summary>
/// Files that appear complete or not at all: they are written under another name in the same folder and moved. An existing file is
/// replaced, through a symbolic link if it is one.
/// </summary>
public static class WholeFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellation">Looked at on every write to the disk; when it is cancelled nothing is left in the folder.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the file was complete.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        string? linked = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
        string target = linked ?? Path.GetFullPath(path);
        if (Directory.Exists(target)) throw new IOException($"{path} is a folder; give a file name.");
        string name = Path.GetFileName(target);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{name[..Math.Min(name.Length, 100)]}.{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            using (var interruptible = new InterruptibleStream(file, cancellation))
                write(interruptible);
            cancellation.ThrowIfCancellationRequested();
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

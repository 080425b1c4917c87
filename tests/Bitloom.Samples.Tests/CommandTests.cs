namespace Bitloom.Samples.Tests;

/// <summary>What tests of a command need: a folder of files, and what the command prints.</summary>
/// <param name="command">The command, which the folder is named after.</param>
public abstract class CommandTests(string command) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory($"bitloom-{command}-").FullName;

    /// <summary>The folder.</summary>
    protected string Folder => _folder;

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A path in the folder.</summary>
    protected string At(string name) => Path.Combine(_folder, name);

    /// <summary>What is in the folder.</summary>
    protected string[] Files() => [.. Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal)];

    /// <summary>Runs a command that is given its output and its errors.</summary>
    protected static (int Code, string Printed, string Errors) Capture(Func<TextWriter, TextWriter, int> run)
    {
        using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        int code = run(output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}

namespace Bitloom.Benchmarks.Reports;

/// <summary>Places in the repository that this program was built in.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder with the solution, above the program.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run from the repository.</exception>
    internal static string Root { get; } = FindUpwards("Compiler.sln", File.Exists)
        ?? throw new DirectoryNotFoundException("The benchmarks run from their repository only: no Compiler.sln above the program.");

    /// <summary>The folder of this project.</summary>
    internal static string Benchmarks => Path.Combine(Root, "tests", "Bitloom.Benchmarks");

    /// <summary>A results file by name, without extension; it may be missing.</summary>
    internal static string Results(string name) => Path.Combine(Benchmarks, "results", name + ".md");

    /// <summary>
    /// The folder of ONNX models, which is too large for the repository: <c>BITLOOM_SHARED</c> names it, or it is found as
    /// <c>shared/reference</c> beside the repository or one of its parents; null where there is none.
    /// </summary>
    internal static string? SharedModels() => Environment.GetEnvironmentVariable("BITLOOM_SHARED") is { Length: > 0 } named
        ? new[] { Path.Combine(named, "reference"), named }.FirstOrDefault(Directory.Exists)
        : FindUpwards(Path.Combine("shared", "reference"), Directory.Exists) is { } parent ? Path.Combine(parent, "shared", "reference") : null;

    /// <summary>The folder of pictures and cubes: <c>data</c> in the folder that <c>BITLOOM_SHARED</c> names, or <c>shared/data</c> found likewise; null where there is none.</summary>
    internal static string? SharedData() => Environment.GetEnvironmentVariable("BITLOOM_SHARED") is { Length: > 0 } named
        ? Path.Combine(named, "data") is var folder && Directory.Exists(folder) ? folder : null
        : FindUpwards(Path.Combine("shared", "data"), Directory.Exists) is { } parent ? Path.Combine(parent, "shared", "data") : null;

    private static string? FindUpwards(string name, Func<string, bool> exists)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (exists(Path.Combine(at.FullName, name))) return at.FullName;
        return null;
    }
}

namespace Bitloom.Runtime.Tests;

/// <summary>
/// Test pictures that the repository may not hold: a folder <c>shared/data</c> beside the repository, or the one that the
/// environment variable BITLOOM_SHARED names (the folder that holds <c>data</c>).
/// </summary>
internal static class SharedData
{
    private static readonly string? Folder = Find();

    internal static string? ReasonForSkipping => Folder is null ? "No folder shared/data beside the repository, and BITLOOM_SHARED is not set." : null;

    internal static string PathOf(string name) => Path.Combine(Folder!, name);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BITLOOM_SHARED") is { Length: > 0 } named) return Existing(named);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Existing(Path.Combine(folder.FullName, "shared")) is { } found) return found;
        return null;
    }

    private static string? Existing(string shared) => Directory.Exists(Path.Combine(shared, "data", "set5")) ? Path.Combine(shared, "data") : null;
}

/// <summary>A theory that is skipped, with the reason, where <see cref="SharedData"/> is missing.</summary>
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.ReasonForSkipping;
}

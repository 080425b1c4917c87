namespace Bitloom.Parity.Tests.Harness;

/// <summary>
/// The folder of full-sized networks with PyTorch's outputs, which is too large for the repository: <c>BITLOOM_SHARED</c> names
/// it, or it is found as <c>shared/reference</c> beside the repository or one of its parents.
/// </summary>
internal static class SharedReference
{
    /// <summary>The folder, or null where this machine has none.</summary>
    internal static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BITLOOM_SHARED") is { Length: > 0 } named)
            return new[] { Path.Combine(named, "reference"), named }.FirstOrDefault(Directory.Exists);

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "shared", "reference") is var folder && Directory.Exists(folder)) return folder;
        return null;
    }
}

/// <summary>A test that reads the shared reference; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedReference.Folder is null) Skip = "No shared/reference folder beside the repository: set BITLOOM_SHARED to it.";
    }
}

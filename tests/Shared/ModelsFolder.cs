namespace Bitloom.Tests;

/// <summary>The folder <c>models</c> of the repository that the tests were built in.</summary>
internal static class ModelsFolder
{
    /// <summary>Its full path.</summary>
    internal static string FullName { get; } = Find();

    private static string Find()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Compiler.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "models");
    }
}

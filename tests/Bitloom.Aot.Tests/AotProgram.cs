using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bitloom.Aot.Tests;

/// <summary>The program under <c>Program/</c>, published by NativeAOT and built for the JIT when first asked for.</summary>
public sealed class AotProgram : IDisposable
{
    private const string Name = "Bitloom.Aot.Program";

    private readonly string _output = Directory.CreateTempSubdirectory("bitloom-aot-").FullName;
    private readonly Lazy<string> _executable;
    private readonly Lazy<string> _managedOutput;

    public AotProgram()
    {
        _executable = new(Publish);
        _managedOutput = new(RunUnderJit);
    }

    /// <summary>The folder of the program's project.</summary>
    internal static string ProjectFolder { get; } = Path.Combine(FolderOfThisFile(), "Program");

    /// <summary>Path of the native executable.</summary>
    internal string Executable => _executable.Value;

    /// <summary>What the program prints under the JIT.</summary>
    internal string ManagedOutput => _managedOutput.Value;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_output, recursive: true);

    private string Publish()
    {
        string folder = Path.Combine(_output, "native");
        DotNetCommand.Run(ProjectFolder, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder);
        return Path.Combine(folder, Name);
    }

    private static string RunUnderJit()
    {
        DotNetCommand.Run(ProjectFolder, "build", "-c", "Release");
        string library = DotNetCommand.Run(ProjectFolder, "msbuild", "-getProperty:TargetPath", "-property:Configuration=Release").Trim();
        return DotNetCommand.Run(ProjectFolder, library);
    }

    private static string FolderOfThisFile([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>Shares one <see cref="AotProgram"/>, and keeps builds that write the same folders from running at once.</summary>
[CollectionDefinition(Name)]
public sealed class AotProgramCollection : ICollectionFixture<AotProgram>
{
    public const string Name = "AOT program";
}

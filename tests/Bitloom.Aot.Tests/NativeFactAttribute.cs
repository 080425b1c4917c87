namespace Bitloom.Aot.Tests;

/// <summary>A test that links a native executable; skipped, with the reason, where no linker is installed.</summary>
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "The linker is looked for on PATH, which is not how Windows finds it.";
        else if (!Finds("clang") && !Finds("gcc")) Skip = "NativeAOT links with clang or gcc, and neither is on PATH: install clang and zlib1g-dev.";
        else if (OperatingSystem.IsLinux() && !File.Exists("/usr/include/zlib.h")) Skip = "NativeAOT links with zlib, whose headers are missing: install zlib1g-dev.";
    }

    private static bool Finds(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}

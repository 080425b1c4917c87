using System.Diagnostics;
using Xunit.Abstractions;

namespace Bitloom.Aot.Tests;

/// <summary>What NativeAOT makes of an emitted network: the same bits, in a small executable that starts at once.</summary>
[Trait("Category", "Slow")]
[Collection(AotProgramCollection.Name)]
public class AotTests(AotProgram program, ITestOutputHelper output)
{
    private const long MostBytes = 4L << 20;

    private const double MostMilliseconds = 20;

    [NativeFact]
    public void ExecutableComputesTheBitsThatTheJitComputes()
    {
        string native = DotNetCommand.RunProgram(program.Executable, Path.GetTempPath());

        output.WriteLine(native);
        Assert.Contains("Bits128 threads 2 bits ", native, StringComparison.Ordinal);
        Assert.Equal(program.ManagedOutput, native);
    }

    [NativeFact]
    public void ExecutableIsOneSmallFile()
    {
        var executable = new FileInfo(program.Executable);

        output.WriteLine($"{executable.Length} bytes");
        Assert.Equal([executable.Name], executable.Directory!.GetFiles().Select(file => file.Name));
        Assert.InRange(executable.Length, 1, MostBytes - 1);
    }

    /// <summary>The best of ten runs, so that a busy machine does not fail the test; a run includes the network's.</summary>
    [NativeFact]
    public void ExecutableStartsAtOnce()
    {
        // Other tests share the machine: the best of a few seconds is what the program takes by itself.
        var milliseconds = new List<double>();
        var total = Stopwatch.StartNew();
        while (milliseconds.Count < 10 || (milliseconds.Min() > MostMilliseconds && total.Elapsed.TotalSeconds < 30)) milliseconds.Add(Time(program.Executable));

        output.WriteLine($"best {milliseconds.Min():F1} ms of {milliseconds.Count} runs");
        Assert.InRange(milliseconds.Min(), 0, MostMilliseconds);
    }

    private static double Time(string executable)
    {
        var clock = Stopwatch.StartNew();
        DotNetCommand.RunProgram(executable, Path.GetTempPath());
        return clock.Elapsed.TotalMilliseconds;
    }
}

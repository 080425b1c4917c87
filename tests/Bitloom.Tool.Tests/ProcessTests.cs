using System.Diagnostics;
using System.Runtime.InteropServices;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool.Tests;

/// <summary>The command as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int InterruptSignal = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Output_goes_to_standard_output_and_errors_to_standard_error()
    {
        (int exitCode, string output, string error) = await Run("--help");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("verify", output, StringComparison.Ordinal);

        (exitCode, output, error) = await Run("explain", _folder.At("none.bloom"));
        Assert.Equal((ExitCode.BadInput, ""), (exitCode, output));
        Assert.Equal($"bitloom: {_folder.At("none.bloom")}: no such file: check the path{Environment.NewLine}", error);
    }

    [Fact]
    public async Task A_verb_runs()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        (int exitCode, string output, string error) = await Run("explain", model, "--size", "6x8");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("totals: 9 nodes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_and_no_file()
    {
        if (OperatingSystem.IsWindows()) return;

        // The reference interpreter needs minutes for this size, so the signal comes in the middle of the work.
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        using Process process = Start("verify", model, "--size", "4000x4000");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.False(process.HasExited);
        Assert.Equal(0, Kill(process.Id, InterruptSignal));
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Equal(BloomCommandLine.InterruptedLine + Environment.NewLine, error);
        Assert.Equal(["tiny.bloom"], _folder.Files);
    }

    [Fact]
    public async Task Ctrl_C_during_training_saves_a_state()
    {
        if (OperatingSystem.IsWindows()) return;
        for (int i = 0; i < 2; i++) SavePicture($"pictures/{i}.png");
        string recipe = _folder.Write("long.json", """
            { "name": "long", "task": "x2", "network": { "architecture": "bbcu-sr", "channels": 4, "units": 1 },
              "data": { "train": ["pictures"], "validation": ["pictures"], "patch": 8 },
              "training": { "steps": 1000000, "batch": 2 }, "validation": { "every": 1000000, "report": 5 } }
            """);
        using Process process = Start("train", recipe, "-o", _folder.At("out"));

        // The second line is the first report of progress.
        for (int line = 0; line < 2; line++) Assert.NotNull(await process.StandardOutput.ReadLineAsync());
        Assert.Equal(0, Kill(process.Id, InterruptSignal));
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("go on with --resume", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("out/long.state.safetensors")));
        Assert.False(File.Exists(_folder.At("out/long.bloom")));
    }

    private void SavePicture(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(name))!);
        var image = new Image(24, 20, 3);
        new Random(name.Length).NextBytes(image.Pixels);
        ImageFile.Save(_folder.At(name), image);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BloomCommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Bitloom.Benchmarks.Kernels;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The <c>kernels</c> mode: all benchmarks of BenchmarkDotNet, summed up in one file.</summary>
internal static class KernelsCommand
{
    private const double GeneratorLimit = 1000;

    private static readonly Option<bool> Quick = new("--quick") { Description = "few short iterations: shows that all works, not how fast" };
    private static readonly Option<string?> Output = new("--output") { Description = "results file (default: results/kernels.md, or none with --quick)" };

    internal static Command Create()
    {
        var command = new Command("kernels", "Measure kernels and the generator and write results/kernels.md; exit code 1 where the generator takes a second.") { Quick, Output };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult options)
    {
        // Before anything else, so that the JIT is as cold as in a build.
        var generator = new GeneratorTime();
        long start = Stopwatch.GetTimestamp();
        generator.Compile();
        double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        bool isQuick = options.GetValue(Quick);
        Type[] benchmarks = [typeof(BinaryLayer), typeof(SpectralLayer), typeof(ConvLayer), typeof(EndConv), typeof(GeneratorTime)];
        Summary[] summaries = [.. benchmarks.Select(type => BenchmarkRunner.Run(type, BenchmarkConfig.Create(isQuick)))];
        if (summaries.SelectMany(s => s.Reports).Any(r => !r.Success) || summaries.Any(s => s.HasCriticalValidationErrors))
        {
            Console.Error.WriteLine("kernels: some benchmarks failed; BenchmarkDotNet says above which and why. Nothing was written.");
            return 2;
        }

        var report = new KernelReport([.. summaries.SelectMany(s => s.Reports).Select(Convert)], first);
        string text = report.Compose();
        Console.Write(text);
        if ((options.GetValue(Output) ?? (isQuick ? null : RepositoryFolder.Results("kernels"))) is { } file) ResultsFile.Write(file, text);
        return report.GeneratorMedian < GeneratorLimit ? 0 : 1;
    }

    private static KernelTime Convert(BenchmarkReport report)
    {
        BenchmarkCase benchmark = report.BenchmarkCase;
        int Parameter(string name, int otherwise) => benchmark.Parameters.Items.FirstOrDefault(p => p.Name == name) is { } parameter
            ? System.Convert.ToInt32(parameter.Value, CultureInfo.InvariantCulture) : otherwise;
        return new KernelTime(
            benchmark.Descriptor.Type.Name, benchmark.Descriptor.WorkloadMethod.Name,
            Parameter(nameof(BinaryLayer.Channels), 64), Parameter(nameof(BinaryLayer.Layers), 1), Parameter(nameof(BinaryLayer.Width), 0),
            report.ResultStatistics!.Min / 1e6, report.ResultStatistics.Median / 1e6, RunAllocations.Of(benchmark) ?? report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0,
            Parameter(nameof(SpectralLayer.Shape), 0));
    }
}

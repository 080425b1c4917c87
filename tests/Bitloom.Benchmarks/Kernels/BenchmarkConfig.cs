using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>How BenchmarkDotNet measures here.</summary>
internal static class BenchmarkConfig
{
    // In this process: BenchmarkDotNet would otherwise build a project of its own for every benchmark, outside the rules of this
    // repository, and it does not know the newest frameworks.
    internal static IConfig Create(bool isQuick)
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(isQuick ? 1 : 5)
            .WithIterationCount(isQuick ? 3 : 15)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(isQuick ? 50 : 250));
        return DefaultConfig.Instance.AddJob(job);
    }
}

using BenchmarkDotNet.Running;
using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>
/// Managed bytes that the thread of a run allocates, by class of benchmarks and parameters: the most of its methods. A memory diagnoser counts those of the whole process, in
/// which benchmarks run, and so what the benchmark's own threads allocate.
/// </summary>
internal static class RunAllocations
{
    private const int Runs = 20;

    private static readonly Dictionary<string, long> s_bytes = [];

    /// <summary>Measures a benchmark's session, which has run before.</summary>
    internal static void Measure(object benchmark, ReadySession session)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < Runs; run++) session.Run();
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
        string key = Key(benchmark.GetType(), name => benchmark.GetType().GetProperty(name)!.GetValue(benchmark));
        s_bytes[key] = Math.Max(bytes, s_bytes.GetValueOrDefault(key));
    }

    /// <summary>Bytes of a run; null where they were not measured.</summary>
    internal static long? Of(BenchmarkCase benchmark) =>
        s_bytes.TryGetValue(Key(benchmark.Descriptor.Type, name => benchmark.Parameters.Items.Single(p => p.Name == name).Value), out long bytes) ? bytes : null;

    // Instance properties are the parameters.
    private static string Key(Type type, Func<string, object?> value) =>
        $"{type.Name} {string.Join(" ", type.GetProperties().Where(p => !p.GetMethod!.IsStatic).Select(p => p.Name).Order(StringComparer.Ordinal).Select(n => $"{n}={value(n)}"))}";
}

using System.Runtime.InteropServices;

namespace Bitloom.Benchmarks.Reports;

/// <summary>What a machine's times depend on, and nothing that names the machine.</summary>
internal static class MachineDescription
{
    private const string CpuInfo = "/proc/cpuinfo";

    // Those that kernels of either side use, by Linux's names for x64 and arm64.
    private static readonly string[] InstructionSets =
        ["avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_vpopcntdq", "gfni", "amx_int8", "asimd", "asimddp", "i8mm", "sve"];

    /// <summary>One line about this machine.</summary>
    internal static string OfThisMachine() =>
        Describe(File.Exists(CpuInfo) ? File.ReadAllText(CpuInfo) : "", RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount);

    /// <summary>One line from the text of Linux's <c>/proc/cpuinfo</c>, which may be empty.</summary>
    internal static string Describe(string cpuInfo, string architecture, int processors)
    {
        Dictionary<string, string> fields = cpuInfo.Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0].Trim(), parts => parts[1].Trim())
            .ToDictionary(group => group.Key, group => group.First());
        string model = fields.GetValueOrDefault("model name", architecture + " processor");
        string flags = fields.GetValueOrDefault("flags") ?? fields.GetValueOrDefault("Features") ?? "";
        string[] present = [.. InstructionSets.Intersect(flags.Split(' '))];
        string cores = FormattableString.Invariant($"{processors} logical core{(processors == 1 ? "" : "s")}");
        return $"{model}, {cores}{(present.Length > 0 ? ", " : "")}{string.Join(' ', present)}";
    }
}

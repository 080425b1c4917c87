using Bitloom.Import.Tests.Exports;
using Bitloom.ReferenceInterpreter;
using Bitloom.Tool.Peers;

namespace Bitloom.Tool.Tests;

/// <summary>Exports in ONNX Runtime, an engine that shares no code with ours, against the reference interpreter.</summary>
public sealed class PeerTests(PeerResults results) : IClassFixture<PeerResults>
{
    public static TheoryData<string> Names => [.. ExportCases.All.Select(c => c.Name)];

    [PeerTheory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_computes_what_the_interpreter_does(string name)
    {
        ExportCase @case = ExportCases.All.Single(c => c.Name == name);
        foreach ((string output, Tensor expected) in @case.Expected())
        {
            Tensor actual = results.Of(name)[output];
            Assert.Equal(expected.ToString(), actual.ToString());
            var comparison = TensorComparison.Of(actual.Values, expected.Values);
            Assert.True(comparison.Largest <= @case.Tolerance, $"{output}: {comparison}");
        }
    }
}

/// <summary>What ONNX Runtime makes of every case, in one process for all.</summary>
public sealed class PeerResults
{
    private readonly Lazy<IReadOnlyList<Dictionary<string, Tensor>>> _results = new(() =>
        OnnxRuntimePeer.At(PeerTheoryAttribute.Folder).RunAll([.. ExportCases.All.Select(c => (c.Name, c.Graph, (IReadOnlyDictionary<string, Tensor>)c.Inputs))], default));

    internal IReadOnlyDictionary<string, Tensor> Of(string name) => _results.Value[ExportCases.All.ToList().FindIndex(c => c.Name == name)];
}

/// <summary>
/// A test that runs ONNX Runtime in Node.js; skipped, with the reason, where either is missing. The package is looked for where
/// <c>BITLOOM_ONNXRUNTIME</c> says, else where the benchmarks have installed it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute() => Skip = Reason;

    /// <summary>Where the package is, or null.</summary>
    internal static string? Folder { get; } = Find();

    /// <summary>Why such tests cannot run, or null.</summary>
    internal static string? Reason { get; } =
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, OperatingSystem.IsWindows() ? "node.exe" : "node")))
            ? "Node.js, which runs ONNX Runtime, is not on PATH."
            : Folder is null ? $"No package onnxruntime-node: set {OnnxRuntimePeer.Variable} to a folder where npm has installed it, or run the benchmarks' peers once." : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(OnnxRuntimePeer.Variable) is { Length: > 0 } named) return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string peers = Path.Combine(at.FullName, "tests", "Bitloom.Benchmarks", "peers");
            if (Directory.Exists(Path.Combine(peers, "node_modules", "onnxruntime-node"))) return peers;
        }

        return null;
    }
}

/// <summary>A single test of the kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute() => Skip = PeerTheoryAttribute.Reason;
}

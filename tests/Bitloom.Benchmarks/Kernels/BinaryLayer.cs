using BenchmarkDotNet.Attributes;
using Bitloom.Benchmarks.Networks;
using Bitloom.Runtime;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>
/// Networks of 1 and of 17 binary layers 3x3 at 128 x 128: the difference over 16 is one whole layer, threshold to residual, without
/// the loading and storing of dense images.
/// </summary>
public class BinaryLayer
{
    private HostedNetwork? _network;
    private ReadySession? _session;

    /// <summary>Channels in and out.</summary>
    [Params(64, 32)]
    public int Channels { get; set; }

    /// <summary>Layers in a row.</summary>
    [Params(1, 17)]
    public int Layers { get; set; }

    /// <summary>Width of the vectors.</summary>
    [ParamsSource(nameof(Widths))]
    public VectorWidth Width { get; set; }

    /// <summary>The widths that this machine runs.</summary>
    public static IEnumerable<VectorWidth> Widths => AcceleratedWidths.All;

    /// <summary>Compiles the network.</summary>
    [GlobalSetup]
    public void Compile()
    {
        _network = HostedNetwork.Compile(BenchmarkNetworks.BinaryChain(Channels, Layers));
        _session = _network.CreateSession(128, 128, vectorWidth: Width);
    }

    /// <summary>Measures what a run allocates, and unloads the network.</summary>
    [GlobalCleanup]
    public void Unload()
    {
        if (_session is not null) RunAllocations.Measure(this, _session);
        _session?.Dispose();
        _network?.Dispose();
    }

    /// <summary>One run of the network.</summary>
    [Benchmark]
    public void Run() => _session!.Run();
}

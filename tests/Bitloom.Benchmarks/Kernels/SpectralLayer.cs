using BenchmarkDotNet.Attributes;
using Bitloom.Benchmarks.Networks;
using Bitloom.Runtime;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>
/// Networks of 1 and of 9 binary layers in BiSRNet's shapes: the difference over 8 is one whole layer, redistribution to residual,
/// without the loading and storing of dense images.
/// </summary>
public class SpectralLayer
{
    private HostedNetwork? _network;
    private ReadySession? _session;

    /// <summary>Index of the shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public int Shape { get; set; }

    /// <summary>Layers in a row.</summary>
    [Params(1, 9)]
    public int Layers { get; set; }

    /// <summary>Width of the vectors.</summary>
    [ParamsSource(nameof(Widths))]
    public VectorWidth Width { get; set; }

    /// <summary>Indices into the list of shapes.</summary>
    public static IEnumerable<int> Shapes => Enumerable.Range(0, SpectralShape.All.Length);

    /// <summary>The widths that this machine runs.</summary>
    public static IEnumerable<VectorWidth> Widths => AcceleratedWidths.All;

    /// <summary>Compiles the network.</summary>
    [GlobalSetup]
    public void Compile()
    {
        SpectralShape shape = SpectralShape.All[Shape];
        _network = HostedNetwork.Compile(BenchmarkNetworks.SpectralChain(shape, Layers));
        _session = _network.CreateSession(shape.Size, shape.Size, vectorWidth: Width);
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

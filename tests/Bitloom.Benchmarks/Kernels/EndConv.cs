using BenchmarkDotNet.Attributes;
using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>The fp32 3x3 convolutions at the ends of a network at 128 x 128, between dense images, whose loading and storing is contained.</summary>
public class EndConv
{
    private HostedNetwork? _network;
    private ReadySession? _session;

    /// <summary>Compiles a head.</summary>
    [GlobalSetup(Target = nameof(Head))]
    public void CompileHead() => Compile(3, 64);

    /// <summary>Compiles a tail.</summary>
    [GlobalSetup(Target = nameof(Tail))]
    public void CompileTail() => Compile(64, 3);

    /// <summary>Measures what a run allocates, and unloads the network.</summary>
    [GlobalCleanup]
    public void Unload()
    {
        if (_session is not null) RunAllocations.Measure(this, _session);
        _session?.Dispose();
        _network?.Dispose();
    }

    /// <summary>3 to 64 channels.</summary>
    [Benchmark]
    public void Head() => _session!.Run();

    /// <summary>64 to 3 channels.</summary>
    [Benchmark]
    public void Tail() => _session!.Run();

    private void Compile(int from, int to)
    {
        _network = HostedNetwork.Compile(BenchmarkNetworks.Conv(from, to));
        _session = _network.CreateSession(128, 128);
    }
}

using BenchmarkDotNet.Attributes;
using Bitloom.Benchmarks.Networks;
using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>What a full-sized BBCU-M x2 adds to a build: descriptor text to C#, which must take less than a second.</summary>
[MemoryDiagnoser]
public class GeneratorTime
{
    private readonly string _descriptor = DescriptorWriter.Write(BenchmarkNetworks.SuperResolution());

    /// <summary>Characters of C#; throws where the network does not compile.</summary>
    [Benchmark]
    public int Compile()
    {
        Outcome<CompiledNetwork> outcome = BloomCompiler.Compile(_descriptor, new EmissionOptions("Bitloom.Benchmarks.Emitted", "Network"));
        return outcome.Succeeded ? outcome.Value!.Files.Sum(f => f.Text.Length) : throw new InvalidOperationException(string.Join('\n', outcome.Diagnostics));
    }

    /// <summary>Nodes of the graph: the descriptor's part of <see cref="Compile"/>.</summary>
    [Benchmark]
    public int ParseOnly()
    {
        var outcome = DescriptorReader.Read(_descriptor);
        return outcome.Succeeded ? outcome.Value!.Nodes.Count : throw new InvalidOperationException(string.Join('\n', outcome.Diagnostics));
    }
}

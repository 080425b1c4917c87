using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Hosting;
using Bitloom.Import.Architectures;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.HostingTests;

/// <summary>Networks with more weights than literals may hold read them from their descriptor, a resource of the program.</summary>
public sealed class EmbeddedDescriptorTests
{
    private static NetworkGraph Network { get; } = new Edsr(16, 2, 2, 0.1f, new GhostLayers(0.5), new MeanShift()).Build("edsr", "", new SyntheticWeights(3));

    [Fact]
    public void Weights_of_the_descriptor_are_read_in_place()
    {
        CompiledNetwork literal = Compile(1 << 20), embedded = Compile(0);
        Assert.Equal((false, true), (literal.ReadsDescriptor, embedded.ReadsDescriptor));
        string weights = embedded.Files.Single(f => f.HintName.EndsWith(".Weights.g.cs", StringComparison.Ordinal)).Text;
        Assert.Contains("Descriptor.Weight(\"body.2.weight\")", weights, StringComparison.Ordinal);
        Assert.Contains("Descriptor.Weight(\"tail.0.0.weight\")", weights, StringComparison.Ordinal);
        Assert.True(weights.Length < literal.Files.Single(f => f.HintName.EndsWith(".Weights.g.cs", StringComparison.Ordinal)).Text.Length / 2);
        Assert.Equal(Run(literal), Run(embedded));
    }

    [Fact]
    public void A_program_without_its_descriptor_says_what_to_do()
    {
        using HostedModel model = HostedModel.Load(Compile(0).Files, "Embedded.Net");
        string message = Assert.Throws<InvalidOperationException>(() => model.CreateSession(8, 8)).Message;
        Assert.StartsWith("The weights of 'edsr' (", message, StringComparison.Ordinal);
        Assert.Contains("<EmbeddedResource Include=", message, StringComparison.Ordinal);
    }

    private static CompiledNetwork Compile(long literalBytes) =>
        BloomCompiler.Compile(Network, new EmissionOptions("Embedded", "Net") { LiteralBytes = literalBytes }).Value!;

    private static float[] Run(CompiledNetwork network)
    {
        using HostedModel model = HostedModel.Load(network, "Embedded.Net");
        using BloomSession session = model.CreateSession(9, 8);
        float[] input = [.. Enumerable.Range(0, session.Inputs[0].Length).Select(i => i % 17 / 16f)], output = new float[session.Outputs[0].Length];
        session.Run([input], [output]);
        return output;
    }
}

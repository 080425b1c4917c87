using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Xunit;

namespace Bitloom.Compiler.Tests.Descriptors;

public class HashTests
{
    private static readonly string Expected = DescriptorHash.Compute(Samples.Small);

    // Computed by hand from the definition: a change here breaks every descriptor that exists.
    [Fact]
    public void TheHashIsPartOfTheFormat() =>
        Assert.Equal("sha256:4f47a20291b063b0329de8151caad3d87432ef1e70f6dea66dc16c5189d3dfda", Expected);

    [Fact]
    public void TheDescriptionIsNotContent() =>
        Assert.Equal(Expected, DescriptorHash.Compute(Samples.Small with { Description = "another" }));

    [Fact]
    public void NamesOperatorsAndPropertiesAreContent()
    {
        var hashes = new HashSet<string> { Expected };
        Assert.True(hashes.Add(DescriptorHash.Compute(Samples.Small with { Name = "other" })));
        Assert.True(hashes.Add(DescriptorHash.Compute(Replace(Samples.Small, 3, n => n with { Operator = new Subtract() }))));
        Assert.True(hashes.Add(DescriptorHash.Compute(Replace(Samples.Small, 1, n => n with { Operator = (BinaryConv2d)n.Operator with { Window = Window.Padded(2) } }))));
        Assert.True(hashes.Add(DescriptorHash.Compute(Replace(Samples.Small, 3, n => n with { Inputs = ["input", "scale"] }))));
        Assert.True(hashes.Add(DescriptorHash.Compute(Samples.Chain(new Scale(0f)))));
        Assert.True(hashes.Add(DescriptorHash.Compute(Samples.Chain(new Scale(-0f)))));
    }

    [Fact]
    public void EveryBitOfAWeightIsContent()
    {
        var convolution = (BinaryConv2d)Samples.Small.Nodes[1].Operator;
        var hashes = new HashSet<string> { Expected };
        for (int bit = 0; bit < 81; bit++)
        {
            float[] values = [.. Enumerable.Range(0, 81).Select(i => convolution.Weight[i / 27, i % 27] != (i == bit) ? 1f : -1f)];
            BitTensor changed = BitTensor.FromSigns("conv.weight", [3, 3, 3, 3], values);
            Assert.True(hashes.Add(DescriptorHash.Compute(Replace(Samples.Small, 1, n => n with { Operator = convolution with { Weight = changed } }))), $"bit {bit}");
        }
    }

    private static NetworkGraph Replace(NetworkGraph graph, int index, Func<Node, Node> change) =>
        graph with { Nodes = graph.Nodes.Select((n, i) => i == index ? change(n) : n).ToEquatableArray() };
}

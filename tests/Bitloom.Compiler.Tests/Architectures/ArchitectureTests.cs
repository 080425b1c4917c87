using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Import;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Xunit;
using Registry = Bitloom.Import.Architectures.Architectures;

namespace Bitloom.Compiler.Tests.Architectures;

public class ArchitectureTests
{
    public static TheoryData<BbcuParts, BbcuForm, int> SuperResolutions()
    {
        var cases = new TheoryData<BbcuParts, BbcuForm, int>();
        foreach (BbcuParts parts in new[] { BbcuParts.BodyOnly, BbcuParts.Upsampling, BbcuParts.Upsampling | BbcuParts.Head | BbcuParts.Tail })
            foreach (BbcuForm form in Enum.GetValues<BbcuForm>())
                foreach (int scale in new[] { 2, 3, 4 }) cases.Add(parts, form, scale);
        return cases;
    }

    [Theory]
    [MemberData(nameof(SuperResolutions))]
    public void ACheckpointSaysWhatItsNetworkIs(BbcuParts parts, BbcuForm form, int scale)
    {
        var network = new BbcuSr(Channels: 8, Units: 3, scale, parts, form);
        var drawn = new SyntheticWeights(5);
        NetworkGraph expected = network.Build("net", "text", drawn);
        string name = parts switch { BbcuParts.BodyOnly => "bbcu-sr-l", BbcuParts.Upsampling => "bbcu-sr", _ => "bbcu-sr-all" };
        Outcome<NetworkGraph> packed = Registry.Find(name).Build(drawn.Taken, new ArchitectureSettings("net", "text", scale, form));
        Assert.Empty(packed.Diagnostics);
        Assert.Equal(expected, packed.Value);
        CheckShape(expected, 3, scale);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void ADnCnnCheckpointSaysItsColoursAndBias(int colours, bool bias)
    {
        foreach (BbcuForm form in Enum.GetValues<BbcuForm>())
        {
            var drawn = new SyntheticWeights(6);
            NetworkGraph expected = new BbcuDnCnn(colours, 16, 4, bias, form).Build("net", "text", drawn);
            Outcome<NetworkGraph> packed = Registry.Find("bbcu-dncnn").Build(drawn.Taken, new ArchitectureSettings("net", "text", Form: form));
            Assert.Empty(packed.Diagnostics);
            Assert.Equal(expected, packed.Value);
            CheckShape(expected, colours, 1);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(28)]
    public void ABiSrNetCheckpointSaysItsBands(int bands)
    {
        var drawn = new SyntheticWeights(9);
        NetworkGraph expected = new BiSrNet(bands).Build("net", "text", drawn);
        Outcome<NetworkGraph> packed = Registry.Find("bisrnet").Build(drawn.Taken, new ArchitectureSettings("net", "text"));
        Assert.Empty(packed.Diagnostics);
        Assert.Equal(expected, packed.Value);
        Assert.Equal(457, drawn.Taken.Count);
        CheckShape(expected, bands, 1);
    }

    [Fact]
    public void MissingUnexpectedAndMisshapenWeightsAreAllNamed()
    {
        var drawn = new SyntheticWeights(7);
        new BbcuSr(8, 2, 2).Build("net", "", drawn);
        IEnumerable<NamedTensor> changed = drawn.Taken.Where(t => t.Name != "conv_hr.move0.bias").Select(t => t.Name switch
        {
            "conv_last.bias" => t with { Name = "conv_last.bais" },
            "body.0.relu.pr_prelu.weight" => t with { Shape = [1], Values = [0.5f] },
            "body.1.move0.bias" => t with { Values = [.. t.Values.Select(_ => float.NaN)] },
            _ => t,
        });
        Outcome<NetworkGraph> outcome = Registry.Find("bbcu-sr").Build([.. changed], new ArchitectureSettings("net"));
        Assert.Null(outcome.Value);
        Assert.Equal(
            [
                "'body.0.relu.pr_prelu.weight': error BLOOM005: has shape 1, but the architecture needs 8",
                "'body.1.move0.bias': error BLOOM005: holds NaN or infinity: weights must be finite",
                "'conv_hr.move0.bias': error BLOOM005: missing: the architecture needs 1 x 8 x 1 x 1 values",
                "'conv_last.bais': error BLOOM005: unexpected: the architecture has no such weight; did you mean 'conv_last.bias'?",
                "'conv_last.bias': error BLOOM005: missing: the architecture needs 3 values; did you mean 'conv_last.bais'?",
            ],
            outcome.Diagnostics.Select(d => d.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnotherScaleThanTheCheckpointsIsRefused()
    {
        var drawn = new SyntheticWeights(8);
        new BbcuSr(8, 2, 3).Build("net", "", drawn);
        BloomDiagnostic error = Assert.Single(Registry.Find("bbcu-sr").Build(drawn.Taken, new ArchitectureSettings("net", Scale: 2)).Diagnostics);
        Assert.Contains("the checkpoint is for scale 3, but 2 was asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyCheckpointListsWhatIsNeeded()
    {
        foreach (Architecture architecture in Registry.All)
        {
            Outcome<NetworkGraph> outcome = architecture.Build([], new ArchitectureSettings("net"));
            Assert.Null(outcome.Value);
            Assert.All(outcome.Diagnostics, d => Assert.StartsWith("missing", d.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void AnUnknownArchitectureIsAnsweredWithTheNearest()
    {
        Assert.Contains("did you mean 'bbcu-dncnn'", Assert.Throws<ImportException>(() => Registry.Find("bbcu-dncn")).Message, StringComparison.Ordinal);
        Assert.Contains("choose one of bbcu-dncnn, bbcu-sr", Assert.Throws<ImportException>(() => Registry.Find("transformer")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SyntheticWeightsAreTheSameEverywhere()
    {
        float[] drawn = new SyntheticWeights(1).Take("conv.weight", 2, 1, 3, 3);
        Assert.Equal(drawn, new SyntheticWeights(1).Take("conv.weight", 2, 1, 3, 3));
        Assert.NotEqual(drawn, new SyntheticWeights(2).Take("conv.weight", 2, 1, 3, 3));
        Assert.InRange(drawn.Average(Math.Abs), 0.1f, 0.6f);
    }

    // The descriptor is accepted, and the output has the image's channels at scale times its size.
    private static void CheckShape(NetworkGraph graph, int channels, int scale)
    {
        NetworkGraph read = DescriptorReader.Read(DescriptorWriter.Write(graph)).Value!;
        TensorShape shape = ShapeInference.Infer(read).Value![read.Outputs[0].Tensor];
        Assert.Equal(new TensorShape(channels, Extent.Symbol("height").Times(scale), Extent.Symbol("width").Times(scale)), shape);
    }
}

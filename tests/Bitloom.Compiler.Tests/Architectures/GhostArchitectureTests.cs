using System.Globalization;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Xunit;
using Registry = Bitloom.Import.Architectures.Architectures;

namespace Bitloom.Compiler.Tests.Architectures;

/// <summary>The backbones of GhostSR: as large as published, and what a checkpoint says of them.</summary>
public class GhostArchitectureTests
{
    /// <summary>Millions of parameters as the papers give them; CARN's count the up-samplings for all three scales.</summary>
    [Theory]
    [InlineData("edsr-baseline", "1.37")]
    [InlineData("edsr", "40.73")]
    [InlineData("rdn", "22.12")]
    [InlineData("carn", "1.59")]
    [InlineData("carn-m", "0.41")]
    public void NetworksAreAsLargeAsPublished(string name, string millions)
    {
        long count = name switch
        {
            "edsr-baseline" => Count(w => Edsr.Baseline(2).Build("net", "", w)),
            "edsr" => Count(w => Edsr.Full(2).Build("net", "", w)),
            "rdn" => Count(w => Rdn.Full(2).Build("net", "", w)),
            "carn" => Count([.. new[] { 2, 3, 4 }.Select(s => (Func<WeightSource, NetworkGraph>)(w => Carn.Full(s).Build("net", "", w)))]),
            _ => Count([.. new[] { 2, 3, 4 }.Select(s => (Func<WeightSource, NetworkGraph>)(w => Carn.Mobile(s).Build("net", "", w)))]),
        };
        Assert.Equal(millions, (count / 1e6).ToString("F2", CultureInfo.InvariantCulture));
    }

    /// <summary>The paper's headline: with half of the channels ghosts, EDSR has 47% fewer parameters.</summary>
    [Fact]
    public void GhostsHalveEdsr()
    {
        long dense = Count(w => Edsr.Full(2).Build("net", "", w)), ghosts = Count(w => Edsr.Full(2, new GhostLayers(0.5)).Build("net", "", w));
        Assert.InRange(1 - ((double)ghosts / dense), 0.46, 0.48);
    }

    public static TheoryData<string, int> Networks()
    {
        var cases = new TheoryData<string, int>();
        foreach (string name in new[] { "edsr", "edsr ghost", "edsr ghosts", "rdn", "rdn ghosts", "carn", "carn ghost", "carn-m" })
            foreach (int scale in new[] { 2, 3, 4 }) cases.Add(name, scale);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ACheckpointSaysWhatItsNetworkIs(string name, int scale)
    {
        GhostLayers ghosts = name.EndsWith("ghost", StringComparison.Ordinal) ? new GhostLayers(0.5) : name.EndsWith("ghosts", StringComparison.Ordinal) ? new GhostLayers(0.75, PerChannel: true) : GhostLayers.None;
        string architecture = name.Split(' ')[0];
        var drawn = new SyntheticWeights(5);
        NetworkGraph expected = architecture switch
        {
            "edsr" => new Edsr(8, 3, scale, 0.5f, ghosts, new MeanShift()).Build("net", "text", drawn),
            "rdn" => new Rdn(8, 2, 3, 4, scale, ghosts).Build("net", "text", drawn),
            "carn" => new Carn(8, scale, IsMobile: false, 1, IsMultiScale: false, ghosts, new MeanShift()).Build("net", "text", drawn),
            _ => new Carn(8, scale, IsMobile: true, 2, IsMultiScale: false, ghosts, new MeanShift()).Build("net", "text", drawn),
        };
        var settings = new ArchitectureSettings("net", "text", scale, ResidualScale: architecture == "edsr" ? 0.5f : null);
        Outcome<NetworkGraph> packed = Registry.Find(architecture).Build(drawn.Taken, settings);
        Assert.Empty(packed.Diagnostics);
        Assert.Equal(expected, packed.Value);
        Assert.Equal(DescriptorHash.Compute(expected), DescriptorHash.Compute(DescriptorReader.Read(DescriptorWriter.Write(expected)).Value!));
        TensorShape shape = ShapeInference.Infer(expected).Value![expected.Outputs[0].Tensor];
        Assert.Equal(new TensorShape(3, Extent.Symbol("height").Times(scale), Extent.Symbol("width").Times(scale)), shape);
    }

    /// <summary>A checkpoint of CARN for three scales holds two up-samplings that a network does not use.</summary>
    [Fact]
    public void OneScaleOfSeveralIsTaken()
    {
        NamedTensor[] all = [.. new[] { 2, 3, 4 }.SelectMany(s =>
        {
            var drawn = new SyntheticWeights(5);
            new Carn(8, s, IsMobile: false, 1, IsMultiScale: true, GhostLayers.None, new MeanShift()).Build("net", "", drawn);
            return drawn.Taken;
        }).DistinctBy(t => t.Name)];
        Outcome<NetworkGraph> packed = Registry.Find("carn").Build(all, new ArchitectureSettings("net", Scale: 3));
        Assert.Empty(packed.Diagnostics);
        Assert.Equal(3, Assert.Single(packed.Value!.Nodes.Select(n => n.Operator).OfType<PixelShuffle>()).Factor);
    }

    /// <summary>Networks trained on images in 0..255 take and return images in 0..1.</summary>
    [Fact]
    public void TheMeanSaysTheRangeOfImages()
    {
        var drawn = new SyntheticWeights(5);
        new Edsr(8, 1, 2, 1, GhostLayers.None, new MeanShift()).Build("net", "", drawn);
        NamedTensor[] Mean(string name, float sign) =>
        [
            new NamedTensor(name + ".weight", [3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
            new NamedTensor(name + ".bias", [3], [sign * 114.4f, sign * 111.5f, sign * 103.0f]),
        ];
        Outcome<NetworkGraph> packed = Registry.Find("edsr").Build([.. drawn.Taken, .. Mean("sub_mean", -1), .. Mean("add_mean", 1)], new ArchitectureSettings("net"));
        Assert.Empty(packed.Diagnostics);
        Assert.Equal([255f, 1 / 255f], packed.Value!.Nodes.Select(n => n.Operator).OfType<Scale>().Select(s => s.Factor));
    }

    private static long Count(params Func<WeightSource, NetworkGraph>[] builds)
    {
        var weights = new CountedWeights();
        foreach (Func<WeightSource, NetworkGraph> build in builds) build(weights);
        return weights.Sizes.Values.Sum();
    }

    /// <summary>Zeros, and how many of each name.</summary>
    private sealed class CountedWeights : WeightSource
    {
        public Dictionary<string, long> Sizes { get; } = [];

        public override float[] Take(string name, params int[] shape) =>
            new float[Sizes[name] = shape.Aggregate(1, (size, d) => size * d)];
    }
}

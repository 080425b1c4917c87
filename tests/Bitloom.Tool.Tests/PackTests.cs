using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;

namespace Bitloom.Tool.Tests;

public sealed class PackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_becomes_the_descriptor_of_its_network()
    {
        NetworkGraph wanted = StoreCheckpoint("weights.safetensors");
        ToolRun run = ToolRun.Of("pack", "bbcu-sr", _folder.At("weights.safetensors"), "-o", _folder.At("net.bloom"), "--name", "tiny", "--description", "A test.", "--scale", "2");
        run.AssertSucceeded();
        Outcome(File.ReadAllText(_folder.At("net.bloom")), out NetworkGraph graph);
        Assert.Equal(("tiny", "A test."), (graph.Name, graph.Description));
        Assert.Equal(DescriptorHash.Compute(wanted with { Name = "tiny" }), DescriptorHash.Compute(graph));

        // 8 channels: 2 units, one up-sampling to 32 and conv_hr are binary.
        Assert.EndsWith($": {graph.Nodes.Count} nodes, {((3 * 8) + 32) * 72} binary parameters, {ParameterCount.Of(graph).Float} fp32 parameters, {DescriptorHash.Compute(graph)}", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_is_the_files_unless_given()
    {
        StoreCheckpoint("weights.safetensors");
        ToolRun.Of("pack", "bbcu-sr", _folder.At("weights.safetensors"), "-o", _folder.At("my-net.bloom")).AssertSucceeded();
        Outcome(File.ReadAllText(_folder.At("my-net.bloom")), out NetworkGraph graph);
        Assert.Equal("my-net", graph.Name);
    }

    [Fact]
    public void The_list_names_every_architecture_and_option()
    {
        ToolRun run = ToolRun.Of("pack", "--list");
        run.AssertSucceeded();
        foreach (Architecture architecture in Architectures.All)
        {
            Assert.Contains($"{architecture.Name}: {architecture.Description}", run.Lines);
            string help = ToolRun.Of("pack", "--help").Output;
            foreach (ArchitectureOption option in architecture.Options) Assert.Contains($"--{option.Name} ", help, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bbcu-srr", "did you mean 'bbcu-sr'?")]
    [InlineData("transformer", "choose one of")]
    public void An_unknown_architecture_is_refused(string name, string suggestion) =>
        ToolRun.Of("pack", name, "w.safetensors", "-o", "x.bloom").AssertRefused($"'{name}'", suggestion);

    [Fact]
    public void Missing_arguments_are_refused()
    {
        ToolRun.Of("pack").AssertRefused("give an architecture");
        ToolRun.Of("pack", "bbcu-sr").AssertRefused("give a checkpoint");
        ToolRun.Of("pack", "bbcu-sr", "w.safetensors").AssertRefused("give an output with -o");
        ToolRun.Of("pack", "bbcu-sr", _folder.At("none.safetensors"), "-o", _folder.At("x.bloom")).AssertRefused("none.safetensors: no such file");
    }

    [Theory]
    [InlineData("--scale", "5")]
    [InlineData("--scale", "two")]
    [InlineData("--form", "v5")]
    [InlineData("--form", "3")]
    [InlineData("--alignment", "0")]
    [InlineData("--alignment", "nan")]
    public void Settings_out_of_range_are_refused(string option, string value) =>
        ToolRun.Of("pack", "bbcu-sr", "w.safetensors", "-o", "x.bloom", option, value).AssertRefused($"{option}: '{value}'");

    [Theory]
    [InlineData("--resolutions", "24", "2 to")]
    [InlineData("--resolutions", "24,24", "2 to")]
    [InlineData("--resolutions", "24,x", "'x' is not a whole number")]
    [InlineData("--predictor-size", "0", "'0' is not a whole number")]
    public void Resolutions_out_of_range_are_refused(string option, string value, string remedy) =>
        ToolRun.Of("pack", "drnet", "w.safetensors", "-o", "x.bloom", option, value).AssertRefused(option, remedy);

    [Fact]
    public void A_gated_checkpoint_is_packed_for_the_resolutions_given()
    {
        var weights = new SyntheticWeights(7);
        var network = new DrNet(DrNet.CreatePredictor(2, width: 2), new ResNet([1, 1, 1, 1], IsBottleneck: false, Classes: 4, Width: 4), [24, 16], PredictorSize: 12);
        NetworkGraph wanted = network.Build("net", "", weights);
        SafetensorsWriter.Write(_folder.At("weights.safetensors"), weights.Taken);
        ToolRun.Of("pack", "drnet", _folder.At("weights.safetensors"), "-o", _folder.At("net.bloom"), "--resolutions", "24,16", "--predictor-size", "12").AssertSucceeded();
        Outcome(File.ReadAllText(_folder.At("net.bloom")), out NetworkGraph graph);
        Assert.Equal(DescriptorHash.Compute(wanted), DescriptorHash.Compute(graph));
        ToolRun.Of("pack", "drnet", _folder.At("weights.safetensors"), "-o", _folder.At("net.bloom")).AssertRefused("the predictor has 2 scores, but there are 3 resolutions");
    }

    [Fact]
    public void A_setting_of_another_architecture_is_refused() =>
        ToolRun.Of("pack", "bbcu-dncnn", "w.safetensors", "-o", "x.bloom", "--scale", "2").AssertRefused("--scale: 'bbcu-dncnn' has no such option");

    [Fact]
    public void A_checkpoint_of_another_architecture_is_refused_and_writes_nothing()
    {
        StoreCheckpoint("weights.safetensors");
        ToolRun.Of("pack", "bbcu-dncnn", _folder.At("weights.safetensors"), "-o", _folder.At("x.bloom")).AssertRefused("weights.safetensors", "BLOOM005", "more like it");
        ToolRun.Of("pack", "bbcu-sr", _folder.At("weights.safetensors"), "-o", _folder.At("x.bloom"), "--scale", "3").AssertRefused("scale 2");
        Assert.Equal(["weights.safetensors"], _folder.Files);
    }

    private NetworkGraph StoreCheckpoint(string name)
    {
        var weights = new SyntheticWeights(7);
        NetworkGraph graph = new BbcuSr(Channels: 8, Units: 2, Scale: 2).Build("net", "", weights);
        SafetensorsWriter.Write(_folder.At(name), weights.Taken);
        return graph;
    }

    private static void Outcome(string text, out NetworkGraph graph)
    {
        Compiler.Outcome<NetworkGraph> outcome = DescriptorReader.Read(text);
        Assert.Empty(outcome.Diagnostics);
        graph = outcome.Value!;
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>The builder of dynamic-resolution networks.</summary>
public class DrNetTests
{
    private static readonly ResNet Small = new([1, 2, 1, 1], IsBottleneck: false, Classes: 5, Width: 4, Stem: 3);
    private static readonly DrNet Network = new(DrNet.CreatePredictor(3, width: 2), Small, [32, 24, 16], PredictorSize: 20);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    public void Each_branch_is_the_classifier_with_its_own_batch_norms_and_the_gate_takes_the_best(ulong seed)
    {
        (NetworkGraph graph, IReadOnlyList<NamedTensor> taken) = Build(Network, seed);
        var image = new Dictionary<string, Tensor> { ["image"] = RandomImage(32, seed) };
        IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(graph, image), results = Interpreter.Run(graph, image);
        Assert.Equal(Alone(DrNet.CreatePredictor(3, width: 2), "predictor.", "", image["image"], 20, taken), tensors["scores"].Values);
        for (int i = 0; i < 3; i++)
        {
            int resolution = Network.Resolutions[i];
            Assert.Equal(Alone(Small, "classifier.", $".bns.{i}", image["image"], resolution, taken), tensors[$"logits_{resolution}"].Values);
        }

        int choice = Array.IndexOf(tensors["scores"].Values, tensors["scores"].Values.Max());
        Assert.Equal(choice, results["choice"].Values.Single());
        Assert.Equal(tensors[$"logits_{Network.Resolutions[choice]}"].Values, results["output"].Values);
        Assert.NotEqual(tensors["logits_32"].Values, tensors["logits_24"].Values);
    }

    [Fact]
    public void Convolutions_are_stored_once_and_batch_norms_for_each_resolution()
    {
        (NetworkGraph built, IReadOnlyList<NamedTensor> taken) = Build(Network, 1);
        Assert.Equal(taken.Count, taken.Select(t => t.Name).Distinct().Count());
        NetworkGraph graph = DescriptorReader.Read(DescriptorWriter.Write(built)).Value!;
        Node[] Of(string branch) => [.. graph.Nodes.Where(n => n.Name.StartsWith(branch + ".", StringComparison.Ordinal) || n.Name == "logits_" + branch)];
        string[] Kernels(string branch) => [.. Of(branch).Select(n => n.Operator).OfType<Conv2d>().Select(c => c.Weight.Name)];
        string[] Norms(string branch) => [.. Of(branch).Select(n => n.Operator).OfType<BatchNorm>().Select(c => c.Gamma.Name)];
        Assert.Equal(Kernels("32"), Kernels("16"));
        Assert.Equal(15, Kernels("32").Length);
        Assert.Equal(Norms("32").Select(n => n.Replace(".bns.0.", ".bns.2.", StringComparison.Ordinal)), Norms("16"));
        Assert.Empty(Norms("32").Intersect(Norms("16")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_says_all_but_the_resolutions(bool isMobile)
    {
        DrNet network = Network with { Classifier = isMobile ? new MobileNetV2(Classes: 5) : Small with { IsBottleneck = true } };
        (NetworkGraph graph, IReadOnlyList<NamedTensor> taken) = Build(network, 3);
        var settings = new ArchitectureSettings(graph.Name, graph.Description, Resolutions: network.Resolutions, PredictorSize: 20);
        Outcome<NetworkGraph> packed = Architectures.Architectures.Find("drnet").Build(taken, settings);
        Assert.Empty(packed.Diagnostics);
        Assert.Equal(DescriptorHash.Compute(graph), DescriptorHash.Compute(packed.Value!));

        Outcome<NetworkGraph> refused = Architectures.Architectures.Find("drnet").Build(taken, settings with { Resolutions = [32, 24] });
        Assert.Null(refused.Value);
        Assert.Contains("the predictor has 3 scores, but there are 2 resolutions", refused.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static (NetworkGraph Graph, IReadOnlyList<NamedTensor> Taken) Build(DrNet network, ulong seed)
    {
        var weights = new SyntheticWeights(seed);
        return (network.Build("drnet", "A test.", weights), weights.Taken);
    }

    // What the classifier computes as a network of its own on the resized image.
    private static float[] Alone(ResNet network, string prefix, string norms, Tensor image, int resolution, IReadOnlyList<NamedTensor> taken)
    {
        NamedTensor[] weights = [.. taken.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal) && (!t.Name.Contains(".bns.", StringComparison.Ordinal) || t.Name.Contains(norms + ".", StringComparison.Ordinal)))
            .Select(t => t with { Name = t.Name[prefix.Length..].Replace(norms.Length > 0 ? norms : "?", "", StringComparison.Ordinal) })];
        var checkpoint = new CheckpointWeights(weights);
        NetworkGraph graph = network.Build("alone", "", checkpoint);
        Assert.Empty(checkpoint.Errors());
        var resized = Resize.To(resolution, resolution, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel);
        Node[] nodes = [new("resized", resized, ["input"], Compiler.Diagnostics.SourceLocation.None),
            .. graph.Nodes.Select(n => n with { Inputs = n.Inputs.Select(i => i == "input" ? "resized" : i).ToEquatableArray() })];
        return Interpreter.Run(graph with { Nodes = nodes.ToEquatableArray() }, new Dictionary<string, Tensor> { ["input"] = image })["output"].Values;
    }

    private static Tensor RandomImage(int size, ulong seed) =>
        new(3, size, size, [.. new SyntheticWeights(seed + 100).Take("image", 3, size, size)]);
}

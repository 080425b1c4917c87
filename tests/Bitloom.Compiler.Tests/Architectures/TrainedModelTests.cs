using System.Runtime.CompilerServices;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Xunit;
using Registry = Bitloom.Import.Architectures.Architectures;

namespace Bitloom.Compiler.Tests.Architectures;

/// <summary>
/// The checked-in model is what packing its checkpoint gives. The checkpoint is not part of the repository: where
/// <c>BITLOOM_CHECKPOINTS</c> names a folder that holds <c>bbcu_s_x2_trained/weights.safetensors</c>, it is packed again and compared;
/// with <c>BITLOOM_UPDATE_MODELS=1</c> the model is rewritten from it.
/// </summary>
public class TrainedModelTests
{
    private const string Description = "BBCU-M form, 32 channels, 8 blocks, x2 super-resolution of photographs in 0..1";

    [Fact]
    public void TheModelIsCanonicalAndHasTheStatedParameters()
    {
        string text = File.ReadAllText(ModelPath);
        NetworkGraph graph = DescriptorReader.Read(text).Value!;
        Assert.Equal(text, DescriptorWriter.Write(graph));
        Assert.Equal(193536, graph.Nodes.SelectMany(n => n.Operator.BitWeights).Sum(b => b.Shape[0] * b.BitsPerOutput));
        Assert.Equal(18, graph.Nodes.Count(n => n.Operator.Kind == "BinaryConv2d"));
        Assert.Contains(DescriptorHash.Compute(graph), File.ReadAllText(Path.Combine(Path.GetDirectoryName(ModelPath)!, "CARD.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void PackingTheCheckpointGivesTheModel()
    {
        string checkpoint = Path.Combine(Environment.GetEnvironmentVariable("BITLOOM_CHECKPOINTS") ?? "", "bbcu_s_x2_trained", "weights.safetensors");
        if (!File.Exists(checkpoint))
        {
            Assert.True(File.Exists(ModelPath), "without a checkpoint the model itself must be there");
            return;
        }

        Outcome<NetworkGraph> packed = Registry.Find("bbcu-sr").Build(SafetensorsReader.Read(checkpoint), new ArchitectureSettings("bbcu-s-x2", Description));
        Assert.Empty(packed.Diagnostics);
        string text = DescriptorWriter.Write(packed.Value!);
        if (Environment.GetEnvironmentVariable("BITLOOM_UPDATE_MODELS") == "1") File.WriteAllText(ModelPath, text);
        Assert.Equal(text, File.ReadAllText(ModelPath));
    }

    private static string ModelPath => Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "models", "bbcu-s-x2", "bbcu-s-x2.bloom");

    private static string Here([CallerFilePath] string path = "") => path;
}

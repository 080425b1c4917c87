using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.Parity.Tests.Harness;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>The importer's own builders, given the goldens' checkpoints, build what PyTorch computed.</summary>
public sealed class ArchitectureTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("bbcu_m_x2", "bbcu-sr")]
    [InlineData("bbcu_m_x3", "bbcu-sr")]
    [InlineData("bbcu_m_x4", "bbcu-sr")]
    [InlineData("bbcu_l_x2", "bbcu-sr-l")]
    [InlineData("dncnn_colour", "bbcu-dncnn")]
    [InlineData("dncnn_grey_bias", "bbcu-dncnn")]
    public void Networks_agree_with_PyTorch(string golden, string architecture)
    {
        Outcome<NetworkGraph> built = Architectures.Find(architecture).Build(Weights(golden), new ArchitectureSettings(golden));
        Assert.True(built.Succeeded, string.Join("\n", built.Diagnostics));
        AssertAgreement(golden, built.Value!);
    }

    [Theory]
    [InlineData("unit_v1", BbcuForm.V1)]
    [InlineData("unit_v2", BbcuForm.V2)]
    [InlineData("unit_v4", BbcuForm.V4)]
    public void Forms_of_the_unit_agree_with_PyTorch(string golden, BbcuForm form) => AssertAgreement(golden, Build(golden, 8, form, (_, unit) =>
        unit.Body("1", unit.Body("0", "input", 8), 8)));

    [Fact]
    public void Third_form_agrees_with_PyTorch() => AssertAgreement("unit_v3", Build("unit_v3", 8, BbcuForm.V3, (builder, unit) =>
    {
        string x = unit.Body("body.0", builder.Append("aligned", new Scale(130), "input"), 8);
        return builder.Append("output", new Scale(1f / 130), unit.Body("body.1", x, 8));
    }));

    [Fact]
    public void Part_H_agrees_with_PyTorch() =>
        AssertAgreement("part_h", Build("part_h", 3, BbcuForm.V4, (_, unit) => unit.Head("unit", "input", 3, 8)));

    [Fact]
    public void Part_B_agrees_with_PyTorch() =>
        AssertAgreement("part_b", Build("part_b", 8, BbcuForm.V4, (_, unit) => unit.Body("unit", "input", 8)));

    [Fact]
    public void Part_U_agrees_with_PyTorch() =>
        AssertAgreement("part_u", Build("part_u", 8, BbcuForm.V4, (_, unit) => unit.Up("unit", "input", 8, 2)));

    [Fact]
    public void Part_T_agrees_with_PyTorch()
    {
        NetworkGraph graph = Build("part_t", 32, BbcuForm.V4, (builder, unit) =>
        {
            string features = builder.Append("shuffle", new PixelShuffle(2), "input");
            return unit.Tail("unit", features, builder.Append("bilinear", new ResizeBilinear(2), "image"), 8, 3);
        });
        var image = new GraphInput("image", graph.Inputs[0].Shape.WithChannels(3), SourceLocation.None);
        AssertAgreement("part_t", graph with { Inputs = [.. graph.Inputs, image] });
    }

    private static NetworkGraph Build(string golden, int channels, BbcuForm form, Func<NetworkBuilder, BbcuUnit, string> build)
    {
        var weights = new CheckpointWeights(Weights(golden));
        var builder = new NetworkBuilder(weights);
        NetworkGraph graph = builder.Finish(golden, "", channels, build(builder, new BbcuUnit(builder, form)));
        Assert.Empty(weights.Errors());
        return graph;
    }

    private static IReadOnlyList<NamedTensor> Weights(string golden) => SafetensorsReader.Read(Path.Combine(GoldenCases.Folder, golden, "weights.safetensors"));

    private static void AssertAgreement(string golden, NetworkGraph graph)
    {
        (NetworkCase network, Tensor output) = GoldenCases.Read(golden);
        Difference difference = Difference.Between("output", output, Interpreter.Run(graph, network.Inputs)["output"]);
        Assert.True(difference.Max <= Tolerance * difference.Spread, difference.ToString());
    }
}

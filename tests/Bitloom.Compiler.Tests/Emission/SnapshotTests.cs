using System.Globalization;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Tests;
using Xunit;

namespace Bitloom.Compiler.Tests.Emission;

/// <summary>Emitted code of small networks, to be read when it changes.</summary>
public sealed class SnapshotTests
{
    /// <summary>One binary unit: threshold, sign, 3 x 3 binary convolution, scale, RPReLU, residual.</summary>
    [Fact]
    public void BinaryUnitSession() => Snapshot.Match(Emit(BinaryUnit(), "Net.g.cs"), "cs");

    /// <summary>Its kernels.</summary>
    [Fact]
    public void BinaryUnitKernels() => Snapshot.Match(Emit(BinaryUnit(), "Net.Kernels128.g.cs"), "cs");

    /// <summary>A convolution, LeakyReLU, pixel shuffle and bilinear skip.</summary>
    [Fact]
    public void UpsamplingKernels() => Snapshot.Match(Emit(Upsampling(), "Net.Kernels128.g.cs"), "cs");

    /// <summary>A layer of GhostSR: ghosts read by a convolution with ReLU, ghosts added to the input.</summary>
    [Fact]
    public void GhostLayerKernels() => Snapshot.Match(Emit(GhostLayer(), "Net.Kernels128.g.cs"), "cs");

    /// <summary>Text does not depend on when, how often or in which culture it is emitted.</summary>
    [Fact]
    public void EmissionIsTheSameInEveryCultureAndEveryTime()
    {
        string[] first = Texts();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            hostile.NumberFormat.NumberDecimalSeparator = ",";
            hostile.NumberFormat.NegativeSign = "~";
            hostile.NumberFormat.NumberGroupSeparator = "";
            CultureInfo.CurrentCulture = hostile;
            Assert.Equal(first, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static string[] Texts() => [.. new[] { BinaryUnit(), Upsampling() }.SelectMany(g => BloomCompiler.Compile(g, new EmissionOptions("Snapshots", "Net")).Value!.Files).Select(f => f.Text)];
    }

    /// <summary>Files of different widths say the same, line by line, but for aliases, constants and tiles.</summary>
    [Fact]
    public void KernelsOfDifferentWidthsDifferInConstantsOnly()
    {
        string wide = Emit(BinaryUnit(), "Net.Kernels256.g.cs", [256]), narrow = Emit(BinaryUnit(), "Net.Kernels128.g.cs");
        string[] a = wide.Split('\n'), b = narrow.Split('\n');
        Assert.Equal(a.Length, b.Length);
        Assert.True(a.Zip(b).Count(p => p.First != p.Second) < 20, "more than aliases, constants and comments differ");
    }

    private static string Emit(NetworkGraph graph, string file, EquatableArray<int>? widths = null)
    {
        Outcome<CompiledNetwork> outcome = BloomCompiler.Compile(graph, new EmissionOptions("Snapshots", "Net") { VectorWidths = widths ?? [128] });
        Assert.Empty(outcome.Diagnostics);
        return outcome.Value!.Files.Single(f => f.HintName == "Snapshots." + file).Text;
    }

    private static NetworkGraph BinaryUnit() => Network(
        "binary-unit",
        5,
        Layer("threshold", new Affine(null, Vector("t", 5)), "input"),
        Layer("sign", new Sign(), "threshold"),
        Layer("conv", new BinaryConv2d(BitTensor.FromSigns("w", [5, 5, 3, 3], Values(225)), Window.Padded(1)), "sign"),
        Layer("scale", new Affine(Vector("s", 5), null), "conv"),
        Layer("relu", new RPRelu(Vector("g", 5), Vector("a", 5), Vector("z", 5)), "scale"),
        Layer("output", new Add(), "relu", "input"));

    private static NetworkGraph Upsampling() => Network(
        "upsampling",
        2,
        Layer("conv", new Conv2d(new FloatTensor("w", [4, 2, 3, 3], Values(72).ToEquatableArray()), Vector("b", 4), Window.Padded(1)), "input"),
        Layer("shuffle", new PixelShuffle(2), "conv"),
        Layer("relu", new LeakyRelu(0.1f), "shuffle"),
        Layer("skip", new SelectChannels([0]), "input"),
        Layer("bilinear", new ResizeBilinear(2), "skip"),
        Layer("output", new Add(), "relu", "bilinear"));

    private static NetworkGraph GhostLayer() => Network(
        "ghost-layer",
        18,
        Layer("shift", new Shift([1], [-1]), "input"),
        Layer("ghosts", new Concat(), "input", "shift"),
        Layer("conv", new Conv2d(new FloatTensor("w", [18, 36, 3, 3], Values(5832).ToEquatableArray()), Vector("b", 18), Window.Padded(1)), "ghosts"),
        Layer("relu", new Relu(), "conv"),
        Layer("chosen", new SelectChannels([0, 1, 2, 3, 4, 5, 6, 7, 8]), "relu"),
        Layer("moved", new Shift([0], [1]), "chosen"),
        Layer("joined", new Concat(), "chosen", "moved"),
        Layer("output", new Add(), "joined", "input"));

    private static NetworkGraph Network(string name, int channels, params Node[] nodes) => new(
        name,
        "A small network.",
        [new GraphInput("input", new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
        nodes.ToEquatableArray(),
        [new GraphOutput("output", "output", SourceLocation.None)]);

    private static Node Layer(string name, Operator op, params string[] inputs) => new(name, op, inputs.ToEquatableArray(), SourceLocation.None);

    private static FloatTensor Vector(string name, int length) => FloatTensor.Vector(name, Values(length));

    private static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => ((i * 7919 % 31) - 15) / 16f)];
}

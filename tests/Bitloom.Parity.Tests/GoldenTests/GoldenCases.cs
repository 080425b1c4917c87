using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>The goldens of the repository, each with its network: the same names as in make_goldens.py.</summary>
internal static class GoldenCases
{
    private static readonly Dictionary<string, Func<string, GoldenFile, NetworkGraph>> Networks = new()
    {
        ["bbcu_m_x2"] = (name, weights) => BbcuGraphs.SuperResolution(name, weights, 2, binaryUpsampling: true),
        ["bbcu_m_x3"] = (name, weights) => BbcuGraphs.SuperResolution(name, weights, 3, binaryUpsampling: true),
        ["bbcu_m_x4"] = (name, weights) => BbcuGraphs.SuperResolution(name, weights, 4, binaryUpsampling: true),
        ["bbcu_l_x2"] = (name, weights) => BbcuGraphs.SuperResolution(name, weights, 2, binaryUpsampling: false),
        ["dncnn_colour"] = BbcuGraphs.Denoiser,
        ["dncnn_grey_bias"] = BbcuGraphs.Denoiser,
        ["edsr_x4"] = Packed("edsr"),
        ["edsr_ghost_x2"] = Packed("edsr", residualScale: 0.1f),
        ["edsr_ghost_x3"] = Packed("edsr"),
        ["rdn_ghost_x2"] = Packed("rdn"),
        ["carn_ghost_x2"] = Packed("carn"),
        ["carn_m_x4"] = Packed("carn-m"),
        ["drnet_0"] = Packed("drnet"),
        ["drnet_1"] = Packed("drnet"),
        ["drnet_2"] = Packed("drnet"),
        ["unit_v1"] = Layers(8, (layers, x) => layers.Sequence("", x, layers.UnitV1)),
        ["unit_v2"] = Layers(8, (layers, x) => layers.Sequence("", x, layers.UnitV2)),
        ["unit_v3"] = Layers(8, (layers, x) => layers.Divide(layers.Sequence("body", layers.Multiply(x), layers.UnitV2))),
        ["unit_v4"] = Layers(8, (layers, x) => layers.Sequence("", x, layers.Unit)),
        ["part_h"] = Layers(3, (layers, x) => layers.Head("unit", x)),
        ["part_b"] = Layers(8, (layers, x) => layers.Unit("unit", x)),
        ["part_u"] = Layers(8, (layers, x) => layers.Up("unit", x, 2)),
        ["part_t"] = Tail,
        ["op_conv_stride"] = Layers(5, (layers, x) => layers.Convolution("", x, new Window(2, 3, 1, 2, 1, 2))),
        ["op_conv_dilation"] = Layers(3, (layers, x) => layers.Convolution("", x, new Window(1, 1, 2, 1, 2, 1, 2, 3))),
        ["op_conv_groups"] = Layers(6, (layers, x) => layers.Convolution("", x, Window.Padded(2), groups: 3)),
        ["op_conv_1x1"] = Layers(7, (layers, x) => layers.Convolution("", x, new Window())),
        ["op_binary_conv_5x5_groups"] = BinaryConvolution,
        ["op_pixel_shuffle"] = Operator(18, _ => new PixelShuffle(3)),
        ["op_bilinear_x2"] = Operator(2, _ => new ResizeBilinear(2)),
        ["op_bilinear_x3"] = Operator(2, _ => new ResizeBilinear(3)),
        ["op_bilinear_x4"] = Operator(2, _ => new ResizeBilinear(4)),
        ["op_nearest"] = Operator(2, _ => new ResizeNearest(3)),
        ["op_prelu"] = Operator(5, weights => new PRelu(weights.Vector("weight"))),
        ["op_rprelu"] = Layers(5, (layers, x) => layers.RPRelu("", x)),
        ["op_batch_norm"] = Layers(5, (layers, x) => layers.BatchNorm("", x)),
    };

    /// <summary>Names of all goldens.</summary>
    internal static IEnumerable<string> Names => Networks.Keys;

    /// <summary>Where the goldens lie beside the test assembly.</summary>
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "Goldens");

    /// <summary>A golden's network with its inputs, and PyTorch's output.</summary>
    internal static (NetworkCase Network, Tensor Output) Read(string name)
    {
        GoldenFile values = GoldenFile.Read(Path.Combine(Folder, name, "io.safetensors"));
        string weights = Path.Combine(Folder, name, "weights.safetensors");
        NetworkGraph graph = Networks[name](name, File.Exists(weights) ? GoldenFile.Read(weights) : values);
        return (new NetworkCase(name, graph, values.Inputs()), values.Image("output"));
    }

    // Networks that only the importer builds: PyTorch judges the builder with the engines.
    private static Func<string, GoldenFile, NetworkGraph> Packed(string architecture, float? residualScale = null) => (name, _) =>
    {
        IReadOnlyList<NamedTensor> weights = SafetensorsReader.Read(Path.Combine(Folder, name, "weights.safetensors"));
        Outcome<NetworkGraph> built = Architectures.Find(architecture).Build(weights, new ArchitectureSettings(name, ResidualScale: residualScale, Resolutions: [40, 32, 24], PredictorSize: 20));
        return built.Value ?? throw new InvalidDataException($"{name}: {string.Join("\n", built.Diagnostics)}");
    };

    private static Func<string, GoldenFile, NetworkGraph> Layers(int channels, Func<ModuleLayers, string, string> build) => (name, weights) =>
    {
        var draft = new GraphDraft();
        return draft.Finish(name, build(new ModuleLayers(draft, weights), draft.Input("input", channels)));
    };

    private static Func<string, GoldenFile, NetworkGraph> Operator(int channels, Func<GoldenFile, Operator> op) => (name, weights) =>
    {
        var draft = new GraphDraft();
        return draft.Finish(name, draft.Add(op(weights), draft.Input("input", channels)));
    };

    private static NetworkGraph BinaryConvolution(string name, GoldenFile weights)
    {
        var draft = new GraphDraft();
        string signs = draft.Add(new Sign(), draft.Input("input", 6));
        return draft.Finish(name, new ModuleLayers(draft, weights).BinaryConvolution("", signs, Window.Padded(2), groups: 2));
    }

    private static NetworkGraph Tail(string name, GoldenFile weights)
    {
        var draft = new GraphDraft();
        string features = draft.Add(new PixelShuffle(2), draft.Input("input", 32)), image = draft.Input("image", 3);
        return draft.Finish(name, new ModuleLayers(draft, weights).Tail("unit", features, image, 2));
    }
}

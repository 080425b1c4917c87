using Bitloom.Benchmarks.Networks;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;

namespace Bitloom.Benchmarks.Duels;

/// <summary>The comparisons, in the order of the table.</summary>
internal static class DuelCases
{
    private const int ChainLayers = 17;

    private static readonly Workload<Func<NetworkGraph>> BinaryLayer = Layer(layers => BenchmarkNetworks.BinaryChain(64, layers));
    private static readonly Workload<Func<NetworkGraph>> Convolution = Layer(layers => BenchmarkNetworks.ConvChain(64, layers));
    private static readonly Workload<PeerModel> PeerConvolution = new(new PeerModel("peers/conv64.onnx", () => BenchmarkNetworks.ConvChain(64, 1)));
    private static readonly Workload<PeerModel> PeerConvolutionInChain = new(new PeerModel(null, Convolution.Whole), new PeerModel(null, Convolution.Overhead), Convolution.Layers);
    private static readonly Workload<PeerModel> PeerSrResNet = new(new PeerModel("peers/srresnet_x2.onnx", BenchmarkNetworks.SrResNet));
    private static readonly Workload<PeerModel> PeerEdsr = new(new PeerModel("peers/edsr_baseline_x2.onnx", () => BenchmarkNetworks.Edsr()));
    private static readonly Workload<PeerModel> PeerDnCnn = new(new PeerModel("peers/dncnn.onnx", BenchmarkNetworks.FullPrecisionDenoiser));

    /// <summary>Whole networks, and layers of restoration networks.</summary>
    internal static IReadOnlyList<DuelCase> Networks { get; } =
    [
        new("binary layer 64 to 64", "fp32 convolution", 128, BinaryLayer, PeerConvolution),
        new("binary layer 64 to 64", "fp32 convolution in a chain", 128, BinaryLayer, PeerConvolutionInChain),
        new("fp32 convolution 64 to 64", "fp32 convolution", 128, Convolution, PeerConvolution),
        new("fp32 convolution 64 to 64", "fp32 convolution in a chain", 128, Convolution, PeerConvolutionInChain),
        new("BBCU-M x2", "full-precision SRResNet x2", 128, new(() => BenchmarkNetworks.SuperResolution()), PeerSrResNet),
        new("BBCU-M x2", "BBCU-M x2", 128, new(() => BenchmarkNetworks.SuperResolution()), new(new PeerModel("bbcu_m_x2/free_size.onnx"))),
        new("BBCU-L x2", "full-precision SRResNet x2", 128, new(() => BenchmarkNetworks.SuperResolution(BbcuParts.BodyOnly)), PeerSrResNet),
        new("BBCU denoiser", "full-precision DnCNN", 256, new(BenchmarkNetworks.Denoiser), PeerDnCnn),
        new("BiSRNet", "BiSRNet", 256, new(BenchmarkNetworks.BiSrNet), new(new PeerModel("bisrnet/free_size.onnx"))),
        new("full-precision DnCNN", "full-precision DnCNN", 256, new(BenchmarkNetworks.FullPrecisionDenoiser), PeerDnCnn),
        new("GhostSR EDSR-baseline x2", "dense EDSR-baseline x2", 128, new(() => BenchmarkNetworks.Edsr(new GhostLayers(0.5))), PeerEdsr),
        new("EDSR-baseline x2", "dense EDSR-baseline x2", 128, new(() => BenchmarkNetworks.Edsr()), PeerEdsr),
        .. new[] { 224, 168, 112 }.Select(size => Classifier("ResNet-50", size, BenchmarkNetworks.ResNet50)),
        Classifier("ResNet-18", 224, BenchmarkNetworks.ResNet18),
        Classifier("MobileNetV2", 224, BenchmarkNetworks.MobileNet),
    ];

    /// <summary>Every distinct layer of the classifiers.</summary>
    internal static IReadOnlyList<DuelCase> Layers { get; } =
    [
        .. LayerNetworks.All.Select(shape => new DuelCase($"{shape.Network}: {shape.Name}", "the same layer", shape.Size, new(shape.Build), new(new PeerModel(null, shape.Build)))),
    ];

    private static DuelCase Classifier(string name, int size, Func<int, NetworkGraph> network) =>
        new(name, name, size, new(() => network(size)), new(new PeerModel(null, () => network(size))));

    private static Workload<Func<NetworkGraph>> Layer(Func<int, NetworkGraph> chain) => new(() => chain(ChainLayers), () => chain(1), ChainLayers - 1);
}

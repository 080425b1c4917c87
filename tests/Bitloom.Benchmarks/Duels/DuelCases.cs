using Bitloom.Benchmarks.Networks;
using Bitloom.Import.Architectures;

namespace Bitloom.Benchmarks.Duels;

/// <summary>The comparisons, in the order of the table.</summary>
internal static class DuelCases
{
    private const int ChainLayers = 17;

    internal static IReadOnlyList<DuelCase> All { get; } =
    [
        new("binary layer 64 to 64, 3x3", "fp32 convolution", "peers/conv64.onnx", 128, () => BenchmarkNetworks.BinaryChain(64, ChainLayers))
        {
            Overhead = () => BenchmarkNetworks.BinaryChain(64, 1),
            Layers = ChainLayers - 1,
        },
        new("fp32 convolution 64 to 64, 3x3", "fp32 convolution", "peers/conv64.onnx", 128, () => BenchmarkNetworks.ConvChain(64, ChainLayers))
        {
            Overhead = () => BenchmarkNetworks.ConvChain(64, 1),
            Layers = ChainLayers - 1,
        },
        new("BBCU-M x2", "full-precision SRResNet x2", "peers/srresnet_x2.onnx", 128, () => BenchmarkNetworks.SuperResolution()),
        new("BBCU-M x2 by its own ONNX", "BBCU-M x2", "bbcu_m_x2/free_size.onnx", 128, () => BenchmarkNetworks.SuperResolution()),
        new("BBCU-L x2", "full-precision SRResNet x2", "peers/srresnet_x2.onnx", 128, () => BenchmarkNetworks.SuperResolution(BbcuParts.BodyOnly)),
        new("BBCU denoiser", "full-precision DnCNN", "peers/dncnn.onnx", 256, BenchmarkNetworks.Denoiser),
        new("full-precision DnCNN", "full-precision DnCNN", "peers/dncnn.onnx", 256, BenchmarkNetworks.FullPrecisionDenoiser),
    ];
}

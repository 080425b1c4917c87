using System.Globalization;
using Bitloom.Benchmarks.Kernels;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;

namespace Bitloom.Benchmarks.Networks;

/// <summary>The networks that are measured, with weights from a fixed seed: what a network computes does not change its time.</summary>
internal static class BenchmarkNetworks
{
    private const ulong Seed = 2210_00405;

    /// <summary>
    /// <paramref name="layers"/> binary units in a row, from a dense image to a dense image, both of <paramref name="channels"/>
    /// channels. A unit is the whole layer: threshold, sign, packing, 3x3 binary convolution, scale, RPReLU, residual.
    /// </summary>
    internal static NetworkGraph BinaryChain(int channels, int layers)
    {
        var builder = new NetworkBuilder(new SyntheticWeights(Seed));
        var unit = new BbcuUnit(builder, BbcuForm.V4);
        return Chain(builder, $"binary{channels}", channels, layers, (name, input) => unit.Body(name, input, channels));
    }

    /// <summary>
    /// <paramref name="layers"/> of BiSRNet's units in a row: scale and shift of each channel, sign, binary convolution, scale, RPReLU,
    /// residual.
    /// </summary>
    internal static NetworkGraph SpectralChain(SpectralShape shape, int layers)
    {
        var weights = new SyntheticWeights(Seed);
        var builder = new NetworkBuilder(weights);
        return Chain(builder, "spectral", shape.Channels, layers, (name, input) => SpectralUnit(builder, weights, shape, name, input));
    }

    /// <summary><paramref name="layers"/> fp32 3x3 convolutions with bias in a row, nothing between them.</summary>
    internal static NetworkGraph ConvChain(int channels, int layers)
    {
        var builder = new NetworkBuilder(new SyntheticWeights(Seed));
        return Chain(builder, $"conv{channels}", channels, layers, (name, input) => builder.Conv3x3(name, input, channels, channels, bias: true));
    }

    /// <summary>One fp32 3x3 convolution with bias between dense images.</summary>
    internal static NetworkGraph Conv(int from, int to)
    {
        var builder = new NetworkBuilder(new SyntheticWeights(Seed));
        return builder.Finish($"conv-{from}-{to}", "", from, builder.Conv3x3("conv", "input", from, to, bias: true));
    }

    /// <summary>BBCU-M, x2: 64 channels, 32 binary units; with <see cref="BbcuParts.BodyOnly"/> BBCU-L.</summary>
    internal static NetworkGraph SuperResolution(BbcuParts parts = BbcuParts.Upsampling) =>
        new BbcuSr(64, 32, 2, parts).Build("bbcu-x2", "", new SyntheticWeights(Seed));

    /// <summary>BBCU for denoising in colour: 64 channels, 18 binary units.</summary>
    internal static NetworkGraph Denoiser() => new BbcuDnCnn(3, 64, 18, Bias: false).Build("bbcu-denoise", "", new SyntheticWeights(Seed));

    /// <summary>EDSR-baseline x2: 64 channels, 16 blocks; half of the blocks' channels ghosts where <paramref name="ghosts"/> is given.</summary>
    internal static NetworkGraph Edsr(GhostLayers? ghosts = null) => Import.Architectures.Edsr.Baseline(2, ghosts).Build("edsr-baseline-x2", "", new SyntheticWeights(Seed));

    /// <summary>BiSRNet: 28 bands, one stage.</summary>
    internal static NetworkGraph BiSrNet() => new BiSrNet().Build("bisrnet", "", new SyntheticWeights(Seed));

    /// <summary>DnCNN in colour in full precision: 18 layers of 64 channels with ReLU between two ends; the result is the input less the noise.</summary>
    internal static NetworkGraph FullPrecisionDenoiser()
    {
        var builder = new NetworkBuilder(new SyntheticWeights(Seed));
        string features = builder.Append("head.relu", new Relu(), builder.Conv3x3("head", "input", 3, 64, bias: true));
        for (int i = 0; i < 18; i++)
        {
            string name = Layer(i);
            features = builder.Append(name + ".relu", new Relu(), builder.Conv3x3(name, features, 64, 64, bias: true));
        }

        string noise = builder.Conv3x3("tail", features, 64, 3, bias: true);
        return builder.Finish("dncnn", "", 3, builder.Append("difference", new Subtract(), "input", noise));
    }

    /// <summary>SRResNet x2 in full precision without batch norm: 64 channels, 16 residual blocks of two convolutions.</summary>
    internal static NetworkGraph SrResNet()
    {
        var builder = new NetworkBuilder(new SyntheticWeights(Seed));
        string features = builder.Conv3x3("head", "input", 3, 64, bias: true);
        for (int i = 0; i < 16; i++)
        {
            string name = Layer(i);
            string hidden = builder.Append(name + ".relu", new Relu(), builder.Conv3x3(name + ".0", features, 64, 64, bias: true));
            features = builder.Append(name + ".sum", new Add(), features, builder.Conv3x3(name + ".1", hidden, 64, 64, bias: true));
        }

        string large = builder.Append("shuffle", new PixelShuffle(2), builder.Conv3x3("up", features, 64, 256, bias: true));
        string fine = builder.Conv3x3("hr", builder.Append("up.relu", new Relu(), large), 64, 64, bias: true);
        string image = builder.Conv3x3("last", builder.Append("hr.relu", new Relu(), fine), 64, 3, bias: true);
        return builder.Finish("srresnet-x2", "", 3, image);
    }

    private static string SpectralUnit(NetworkBuilder builder, SyntheticWeights weights, SpectralShape shape, string name, string input)
    {
        (int kernel, int channels, int groups, _) = shape;
        FloatTensor Vector(string role) => builder.Shift($"{name}.{role}", channels);
        string redistributed = builder.Append(name + ".redistribute", new Affine(Vector("k"), Vector("b")), input);
        string signs = builder.Append(name + ".sign", new Sign(), redistributed);
        BitTensor bits = BitTensor.FromSigns(name + ".bits", [channels, channels / groups, kernel, kernel], weights.Take(name + ".bits", channels, channels / groups, kernel, kernel));
        string sums = builder.Append(name + ".conv", new BinaryConv2d(bits, Window.Padded(kernel / 2), groups), signs);
        string scaled = builder.Append(name + ".scale", new Affine(Vector("s"), null), sums);
        string activated = builder.Append(name + ".relu", new RPRelu(Vector("shift"), Vector("slope"), Vector("offset")), scaled);
        return builder.Append(name + ".sum", new Add(), activated, input);
    }

    /// <summary>ResNet-50 for images of a fixed size, one of DRNet's branches.</summary>
    internal static NetworkGraph ResNet50(int size) => new ResNet([3, 4, 6, 3], IsBottleneck: true, Size: size).Build("resnet-50", "", new SyntheticWeights(Seed));

    /// <summary>ResNet-18 for images of a fixed size.</summary>
    internal static NetworkGraph ResNet18(int size) => new ResNet([2, 2, 2, 2], IsBottleneck: false, Size: size).Build("resnet-18", "", new SyntheticWeights(Seed));

    /// <summary>MobileNetV2 for images of a fixed size.</summary>
    internal static NetworkGraph MobileNet(int size) => new MobileNetV2(Size: size).Build("mobilenet-v2", "", new SyntheticWeights(Seed));

    private static NetworkGraph Chain(NetworkBuilder builder, string name, int channels, int layers, Func<string, string, string> append)
    {
        string features = "input";
        for (int i = 0; i < layers; i++) features = append(Layer(i), features);
        return builder.Finish(name, "", channels, features);
    }

    private static string Layer(int index) => string.Create(CultureInfo.InvariantCulture, $"body.{index}");
}

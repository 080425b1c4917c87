using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// BiSRNet with one stage for the reconstruction of hyperspectral images from snapshots (arXiv 2305.10299, figure 3):
/// <code>
/// fution(cat[meas, mask]) -> reflect pad to a multiple of 8 -> conv_in = x -> body -> conv_out -> + x -> crop
///
/// body     embedding -> block d  ----------------------------- cat, Decrease -> block d -> mapping -> + x
///                          \ Down -> block 2d -- cat, Decrease -> block 2d -> Up /
///                                       \ Down -> block 4d -> Up /
/// </code>
/// A block is <c>x + F(LayerNorm(x))</c>; F doubles the channels twice, mixes them in groups of four by a 3 x 3 unit and halves them twice.
/// </summary>
/// <param name="Bands">d, spectral bands of the image and of the sensing mask.</param>
public sealed record BiSrNet(int Bands = 28)
{
    // PyTorch's default for LayerNorm.
    private const float LayerNormEpsilon = 1e-5f;

    // Checkpoints that claim more are misshapen; sizes up to here do not overflow.
    private const int LargestBands = 1024;

    /// <summary>Reads the number of bands off a checkpoint; the paper's 28 where it lacks it.</summary>
    public static BiSrNet Infer(CheckpointWeights weights) =>
        new(weights.ShapeOf("conv_in.weight") is [int bands and > 0 and <= LargestBands, ..] ? bands : 28);

    /// <summary>The network <c>meas</c> (initial bands) and <c>mask</c> (sensing mask of every band) -> <c>output</c>, all of <see cref="Bands"/> channels of one size.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        string sensed = builder.Append("sensed", new Concat(), "meas", "mask");
        FloatTensor fusion = builder.Weight("fution.weight", Bands, 2 * Bands, 1, 1);
        string fused = builder.Append("fution", new Conv2d(fusion, builder.Weight("fution.bias", Bands), new Window()), sensed);
        string padded = builder.Append("pad", new PadToMultiple((8, 8), PadMode.Reflect), fused);
        string x = builder.Conv3x3("conv_in", padded, Bands, Bands, bias: false);

        string body = new BiSrBody(builder, "body.0", LayerNormEpsilon).Build(x, Bands);
        string result = builder.Append("sum", new Add(), builder.Conv3x3("conv_out", body, Bands, Bands, bias: false), x);
        return builder.Finish(name, description, [("meas", Bands), ("mask", Bands)], builder.Append("crop", new CropLike(), result, fused));
    }
}

/// <summary>The encoder and decoder between BiSRNet's two convolutions.</summary>
internal sealed class BiSrBody(NetworkBuilder builder, string path, float epsilon)
{
    private readonly BiSrUnit _unit = new(builder);

    internal string Build(string x, int bands)
    {
        string first = Block($"{path}.encoder_layers.0.0", _unit.Unit($"{path}.embedding", x, bands, 3), bands);
        string second = Block($"{path}.encoder_layers.1.0", Down($"{path}.encoder_layers.0.1", first, bands), 2 * bands);
        string features = Block($"{path}.bottleneck", Down($"{path}.encoder_layers.1.1", second, 2 * bands), 4 * bands);
        features = Decode($"{path}.decoder_layers.0", features, second, 2 * bands);
        features = Decode($"{path}.decoder_layers.1", features, first, bands);
        return builder.Append(path, new Add(), _unit.Unit($"{path}.mapping", features, bands, 3), x);
    }

    // 2C channels to C at twice the size, joined with the encoder's and brought back to C.
    private string Decode(string name, string features, string skip, int channels)
    {
        string large = builder.Append(name + ".0.bilinear", new ResizeBilinear(2), features);
        string joined = builder.Append(name + ".cat", new Concat(), _unit.Decrease(name + ".0", large, channels, 3), skip);
        return Block(name + ".2", _unit.Decrease(name + ".1", joined, channels, 1), channels);
    }

    private string Down(string name, string input, int channels) =>
        _unit.Increase(name, builder.Append(name + ".pool", new AveragePool((2, 2), new Window(2, 2)), input), channels, 3);

    private string Block(string name, string input, int channels)
    {
        string norm = $"{name}.blocks.0.norm", net = $"{name}.blocks.0.fn.net";
        string y = builder.Append(norm, new LayerNorm(builder.Weight(norm + ".weight", channels), builder.Weight(norm + ".bias", channels), epsilon), input);
        y = _unit.Increase(net + ".0", y, channels, 1);
        y = _unit.Increase(net + ".1", y, 2 * channels, 1);
        y = _unit.Activation(net + ".2", y, 4 * channels);
        y = _unit.Unit(net + ".3", y, 4 * channels, 3, groups: channels);
        y = _unit.Activation(net + ".4", y, 4 * channels);
        y = _unit.Decrease(net + ".5", y, 2 * channels, 1);
        y = _unit.Decrease(net + ".6", y, channels, 1);
        return builder.Append(name, new Add(), y, input);
    }
}

using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// RDN (arXiv 1802.08797), under the names of EDSR's PyTorch code: residual dense blocks whose convolutions read all channels made so
/// far, fused by 1x1 convolutions inside a block and over all blocks. With ghosts in the dense convolutions it is GhostSR-RDN.
/// </summary>
/// <param name="Channels">G0, channels between blocks: 64.</param>
/// <param name="Blocks">D: 16.</param>
/// <param name="Layers">C, convolutions of a block: 8.</param>
/// <param name="Growth">G, channels that a convolution adds: 64.</param>
/// <param name="Scale">2, 3 or 4 (4 as two steps of 2).</param>
/// <param name="Ghosts">The dense convolutions.</param>
public sealed record Rdn(int Channels, int Blocks, int Layers, int Growth, int Scale, GhostLayers Ghosts)
{
    private const int LargestChannels = 1024;

    /// <summary>The paper's network: G0 = 64, D = 16, C = 8, G = 64.</summary>
    public static Rdn Full(int scale, GhostLayers? ghosts = null) => new(64, 16, 8, 64, scale, ghosts ?? GhostLayers.None);

    /// <summary>Reads all sizes off the shapes of a checkpoint; what it lacks gets the paper's value.</summary>
    public static Rdn Infer(CheckpointWeights weights)
    {
        int channels = weights.ShapeOf("SFENet1.weight") is [int first and > 0 and <= LargestChannels, ..] ? first : 64;
        int layers = Math.Max(1, weights.Count(i => Path($"RDBs.0.convs.{i}.conv.0.weight")) + weights.Count(i => Path($"RDBs.0.convs.{i}.conv.0.primary_conv.weight")));
        int blocks = Math.Max(1, weights.Count(i => Path($"RDBs.{i}.LFF.weight")));
        int growth = weights.ShapeOf("RDBs.0.LFF.weight") is [_, int fused, ..] && fused > channels ? (fused - channels) / layers : 64;
        return new Rdn(channels, blocks, layers, growth, Upsampling.InferScale(weights, "UPNet", growth), GhostLayers.Infer(weights, "RDBs.0.convs.0.conv.0", growth));
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c> (3 channels at <see cref="Scale"/> times the size).</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        string shallow = builder.Conv3x3("SFENet1", "input", 3, Channels, bias: true), features = builder.Conv3x3("SFENet2", shallow, Channels, Channels, bias: true);
        var made = new List<string>();
        for (int i = 0; i < Blocks; i++) made.Add(features = Block(builder, Path($"RDBs.{i}"), features));
        features = builder.Conv("GFF.0", builder.Append("GFF.joined", new Concat(), [.. made]), Blocks * Channels, Channels, size: 1);
        features = builder.Append("GFF.sum", new Add(), builder.Conv3x3("GFF.1", features, Channels, Channels, bias: true), shallow);

        // The first step of the up-sampling also goes from G0 to G channels.
        int[] steps = Scale == 4 ? [2, 2] : [Scale];
        for (int i = 0; i < steps.Length; i++)
        {
            string wide = builder.Conv3x3(Path($"UPNet.{2 * i}"), features, i == 0 ? Channels : Growth, Growth * steps[i] * steps[i], bias: true);
            features = builder.Append(Path($"UPNet.{(2 * i) + 1}"), new PixelShuffle(steps[i]), wide);
        }

        return builder.Finish(name, description, channels: 3, builder.Conv3x3(Path($"UPNet.{2 * steps.Length}"), features, Growth, 3, bias: true));
    }

    private string Block(NetworkBuilder builder, string name, string input)
    {
        string all = input;
        for (int i = 0; i < Layers; i++)
        {
            string layer = Path($"{name}.convs.{i}");
            string grown = builder.Append(layer + ".conv.1", new Relu(), Ghosts.Conv3x3(builder, layer + ".conv.0", all, Channels + (i * Growth), Growth));
            all = builder.Append(layer, new Concat(), all, grown);
        }

        return builder.Append(name, new Add(), builder.Conv(name + ".LFF", all, Channels + (Layers * Growth), Channels, size: 1), input);
    }

    private static string Path(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// EDSR (arXiv 1707.02921) and its baseline, under the names of the authors' PyTorch code: head, residual blocks without batch norm, a
/// convolution, a skip around them, pixel shuffle, tail. With ghosts in the blocks it is GhostSR-EDSR.
/// </summary>
/// <param name="Channels">n: 256, or 64 for the baseline.</param>
/// <param name="Blocks">Residual blocks: 32, or 16 for the baseline.</param>
/// <param name="Scale">2, 3 or 4 (4 as two steps of 2).</param>
/// <param name="ResidualScale">Factor of the residual branches: 0.1, or 1 for the baseline.</param>
/// <param name="Ghosts">The convolutions of the blocks.</param>
/// <param name="Mean">Where the mean colour comes from.</param>
public sealed record Edsr(int Channels, int Blocks, int Scale, float ResidualScale, GhostLayers Ghosts, MeanShift Mean)
{
    private const int LargestChannels = 1024;

    /// <summary>The baseline: 64 channels, 16 blocks.</summary>
    public static Edsr Baseline(int scale, GhostLayers? ghosts = null) => new(64, 16, scale, 1, ghosts ?? GhostLayers.None, new MeanShift());

    /// <summary>The full network: 256 channels, 32 blocks.</summary>
    public static Edsr Full(int scale, GhostLayers? ghosts = null) => new(256, 32, scale, 0.1f, ghosts ?? GhostLayers.None, new MeanShift());

    /// <summary>Reads channels, blocks, scale and ghosts off the shapes of a checkpoint; a residual scale that is not given is 0.1 from 256 channels on, else 1.</summary>
    public static Edsr Infer(CheckpointWeights weights, float? residualScale)
    {
        int channels = weights.ShapeOf("head.0.weight") is [int outputs and > 0 and <= LargestChannels, ..] ? outputs : 64;
        GhostLayers ghosts = GhostLayers.Infer(weights, "body.0.body.0", channels);
        string kernel = ghosts.Ratio > 0 ? "body.0.primary_conv.weight" : "body.0.weight";
        int blocks = weights.Count(i => Path($"body.{i}.{kernel}"));
        return new Edsr(
            channels, Math.Max(1, blocks), Upsampling.InferScale(weights, "tail.0", channels), residualScale ?? (channels >= 256 ? 0.1f : 1), ghosts,
            MeanShift.Infer(weights, "{0}_mean"));
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c> (3 channels at <see cref="Scale"/> times the size).</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        string head = builder.Conv3x3("head.0", Mean.Subtract(builder, "input"), 3, Channels, bias: true), features = head;
        for (int i = 0; i < Blocks; i++) features = Block(builder, Path($"body.{i}"), features);
        features = builder.Conv3x3(Path($"body.{Blocks}"), features, Channels, Channels, bias: true);
        features = builder.Append("body.sum", new Add(), features, head);
        features = Upsampling.PixelShuffle(builder, "tail.0", features, Channels, Scale, positions: 2);
        return builder.Finish(name, description, channels: 3, Mean.Add(builder, builder.Conv3x3("tail.1", features, Channels, 3, bias: true)));
    }

    private string Block(NetworkBuilder builder, string name, string input)
    {
        string hidden = builder.Append(name + ".body.1", new Relu(), Ghosts.Conv3x3(builder, name + ".body.0", input, Channels, Channels));
        string branch = Ghosts.Conv3x3(builder, name + ".body.2", hidden, Channels, Channels);
        if (ResidualScale != 1) branch = builder.Append(name + ".scaled", new Scale(ResidualScale), branch);
        return builder.Append(name + ".sum", new Add(), input, branch);
    }

    private static string Path(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}

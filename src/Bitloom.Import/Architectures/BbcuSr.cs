using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>Parts of a super-resolution network that are binary besides its body.</summary>
[Flags]
public enum BbcuParts
{
    /// <summary>BBCU-L: the body alone.</summary>
    BodyOnly = 0,

    /// <summary>BBCU-M: the up-sampling and <c>conv_hr</c> too.</summary>
    Upsampling = 1,

    /// <summary>The first convolution.</summary>
    Head = 2,

    /// <summary>The last convolution.</summary>
    Tail = 4,
}

/// <summary>
/// BBCU for super-resolution (SRResNet shape): conv_first -> body -> ups -> conv_hr -> conv_last, plus the image up-sampled
/// bilinearly; input times k and output over k in forms V3 and V4.
/// </summary>
/// <param name="Channels">n, channels of the body.</param>
/// <param name="Units">Binary units of the body; the paper counts blocks of two.</param>
/// <param name="Scale">2, 3 or 4 (4 as two steps of 2).</param>
/// <param name="Parts">What is binary besides the body.</param>
/// <param name="Form">Form of the units.</param>
/// <param name="Alignment">k; 130 for images in 0..1.</param>
public sealed record BbcuSr(int Channels, int Units, int Scale, BbcuParts Parts = BbcuParts.Upsampling, BbcuForm Form = BbcuForm.V4, float Alignment = 130f)
{
    private const float Slope = 0.1f;

    // Checkpoints that claim more are misshapen; sizes up to here do not overflow.
    private const int LargestChannels = 1024;

    private int[] Steps => Scale == 4 ? [2, 2] : [Scale];

    /// <summary>Reads channels, units and scale off the shapes of a checkpoint; what it lacks gets the paper's value.</summary>
    public static BbcuSr Infer(CheckpointWeights weights, BbcuParts parts, BbcuForm form, float alignment)
    {
        string first = parts.HasFlag(BbcuParts.Head) ? "conv_first.binary_conv.weight" : "conv_first.weight";
        string Up(int step) => parts.HasFlag(BbcuParts.Upsampling) ? $"ups.{step}.binary_conv.weight" : $"ups.{step}.0.weight";
        int channels = weights.ShapeOf(first) is [int outputs and > 0 and <= LargestChannels, ..] ? outputs : 64;
        int units = weights.Count(i => $"body.{i}.binary_conv.weight");
        int factor = weights.ShapeOf(Up(0)) is [int up, ..] ? (int)Math.Round(Math.Sqrt((double)up / channels)) : 2;
        return new BbcuSr(channels, Math.Max(units, 1), weights.Count(Up) > 1 ? 4 : Math.Clamp(factor, 2, 3), parts, form, alignment);
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c> (3 channels at <see cref="Scale"/> times the size).</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        var unit = new BbcuUnit(builder, Form);
        bool isAligned = Form >= BbcuForm.V3;
        string image = isAligned ? builder.Append("aligned", new Scale(Alignment), "input") : "input";

        string features = Parts.HasFlag(BbcuParts.Head) ? unit.Head("conv_first", image, 3, Channels) : builder.Conv3x3("conv_first", image, 3, Channels, bias: true);
        features = builder.Append("conv_first.leaky_relu", new LeakyRelu(Slope), features);
        for (int i = 0; i < Units; i++) features = unit.Body(Path("body", i), features, Channels);
        for (int i = 0; i < Steps.Length; i++) features = Up(builder, unit, Path("ups", i), features, Steps[i]);
        features = Parts.HasFlag(BbcuParts.Upsampling) ? unit.Body("conv_hr", features, Channels) : builder.Conv3x3("conv_hr", features, Channels, Channels, bias: true);
        features = builder.Append("conv_hr.leaky_relu", new LeakyRelu(Slope), features);

        string large = builder.Append("bilinear", new ResizeBilinear(Scale), image);
        string result = Parts.HasFlag(BbcuParts.Tail)
            ? unit.Tail("conv_last", features, large, Channels, 3)
            : builder.Append("sum", new Add(), builder.Conv3x3("conv_last", features, Channels, 3, bias: true), large);
        if (isAligned) result = builder.Append("output", new Scale(1 / Alignment), result);
        return builder.Finish(name, description, channels: 3, result);
    }

    private string Up(NetworkBuilder builder, BbcuUnit unit, string name, string input, int factor)
    {
        if (Parts.HasFlag(BbcuParts.Upsampling)) return unit.Up(name, input, Channels, factor);
        string wide = builder.Conv3x3(name + ".0", input, Channels, Channels * factor * factor, bias: true);
        return builder.Append(name + ".2", new LeakyRelu(Slope), builder.Append(name + ".1", new PixelShuffle(factor), wide));
    }

    private static string Path(string module, int index) => string.Create(CultureInfo.InvariantCulture, $"{module}.{index}");
}

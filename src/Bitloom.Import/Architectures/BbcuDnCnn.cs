using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// BBCU for denoising (3 colours, no bias) and JPEG deblocking (1 colour, bias), DnCNN shape: head + ReLU -> binary body -> tail; the
/// result is the input minus what the tail finds, with the input times k and the output over k in forms V3 and V4.
/// </summary>
/// <param name="Colours">Channels of the image.</param>
/// <param name="Channels">n, channels of the body.</param>
/// <param name="Units">Binary units of the body.</param>
/// <param name="Bias">True where every convolution has a bias.</param>
/// <param name="Form">Form of the units.</param>
/// <param name="Alignment">k; 130 for images in 0..1.</param>
public sealed record BbcuDnCnn(int Colours, int Channels, int Units, bool Bias, BbcuForm Form = BbcuForm.V4, float Alignment = 130f)
{
    // Checkpoints that claim more are misshapen; sizes up to here do not overflow.
    private const int LargestChannels = 1024;

    /// <summary>Reads colours, channels, units and bias off a checkpoint; what it lacks gets the paper's value.</summary>
    public static BbcuDnCnn Infer(CheckpointWeights weights, BbcuForm form, float alignment)
    {
        (int channels, int colours) = weights.ShapeOf("head.weight") is [int outputs and > 0 and <= LargestChannels, int inputs and > 0 and <= LargestChannels, ..] ? (outputs, inputs) : (64, 3);
        int units = weights.Count(i => $"body.{i}.binary_conv.weight");
        return new BbcuDnCnn(colours, channels, Math.Max(units, 1), weights.ShapeOf("head.bias") is not null, form, alignment);
    }

    /// <summary>The network <c>input</c> -> <c>output</c>, both <see cref="Colours"/> channels of one size.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        var unit = new BbcuUnit(builder, Form, Bias);
        bool isAligned = Form >= BbcuForm.V3;
        string image = isAligned ? builder.Append("aligned", new Scale(Alignment), "input") : "input";

        string features = builder.Append("head.relu", new Relu(), builder.Conv3x3("head", image, Colours, Channels, Bias));
        for (int i = 0; i < Units; i++) features = unit.Body(string.Create(CultureInfo.InvariantCulture, $"body.{i}"), features, Channels);
        string noise = builder.Conv3x3("tail", features, Channels, Colours, Bias);
        string result = builder.Append("difference", new Subtract(), image, noise);
        if (isAligned) result = builder.Append("output", new Scale(1 / Alignment), result);
        return builder.Finish(name, description, Colours, result);
    }
}

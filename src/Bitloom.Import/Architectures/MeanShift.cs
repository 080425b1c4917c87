using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// The mean colour of DIV2K, subtracted from the image before a network and added behind it. Checkpoints hold it as 1x1 convolutions,
/// for images in 0..1 or in 0..255; the networks built here take and return images in 0..1.
/// </summary>
/// <param name="Prefix">Module path of the convolution's weights, with <c>{0}</c> for <c>sub</c> or <c>add</c>; null to use the constants.</param>
/// <param name="Range">Largest value of the images that the network was trained on, 1 or 255.</param>
public sealed record MeanShift(string? Prefix = null, float Range = 1)
{
    private static readonly float[] Mean = [0.4488f, 0.4371f, 0.4040f];

    /// <summary>Reads off a checkpoint whether it holds the mean, and of which range.</summary>
    public static MeanShift Infer(CheckpointWeights weights, string prefix)
    {
        string sub = string.Format(System.Globalization.CultureInfo.InvariantCulture, prefix, "sub");
        return weights.ShapeOf(sub + ".bias") is null ? new MeanShift()
            : new MeanShift(prefix, weights.Peek(sub + ".bias").Any(v => Math.Abs(v) > 1) ? 255 : 1);
    }

    /// <summary>The image less the mean.</summary>
    public string Subtract(NetworkBuilder builder, string image) =>
        Append(builder, "sub", Range == 1 ? image : builder.Append("sub_mean.range", new Scale(Range), image));

    /// <summary>The image with the mean added.</summary>
    public string Add(NetworkBuilder builder, string image)
    {
        string whole = Append(builder, "add", image);
        return Range == 1 ? whole : builder.Append("add_mean.range", new Scale(1 / Range), whole);
    }

    private string Append(NetworkBuilder builder, string kind, string image)
    {
        string name = kind + "_mean";
        if (Prefix is null) return builder.Append(name, new Affine(null, FloatTensor.Vector(name, [.. Mean.Select(m => kind == "sub" ? -m : m)])), image);
        string path = string.Format(System.Globalization.CultureInfo.InvariantCulture, Prefix, kind);
        FloatTensor weight = builder.Weight(path + ".weight", 3, 3, 1, 1), bias = builder.Weight(path + ".bias", 3);
        bool isDiagonal = Enumerable.Range(0, 9).All(i => i % 4 == 0 || weight.Values[i] == 0);
        return builder.Append(name, isDiagonal
            ? new Affine(Enumerable.Range(0, 3).All(c => weight.Values[4 * c] == 1) ? null : FloatTensor.Vector(path + ".weight", [weight.Values[0], weight.Values[4], weight.Values[8]]), bias)
            : new Conv2d(weight, bias, new Window()), image);
    }
}

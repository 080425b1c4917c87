using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>The forms of BBCU's unit (arXiv 2210.00405, section 3), in the order of the paper's ablation.</summary>
public enum BbcuForm
{
    /// <summary>Convolution, batch norm, + skip, RPReLU.</summary>
    V1,

    /// <summary>V1 without batch norm.</summary>
    V2,

    /// <summary>V2 in a network with residual alignment: input times k, output over k.</summary>
    V3,

    /// <summary>The final form: V3 with the activation inside the branch, before the skip is added.</summary>
    V4,
}

/// <summary>
/// BBCU's binary unit, x -> x + t -> sign -> binary 3x3 convolution -> branch and skip joined by form:
/// <code>
///   V1       BatchNorm(conv) + skip -> RPReLU
///   V2, V3   conv + skip -> RPReLU
///   V4       RPReLU(conv) + skip
/// </code>
/// The part of the network says what the skip is: B the unit's input, H the image's channels repeated, U the input up-sampled, T the
/// up-sampled image. Weights: <c>move0.bias</c> (t), <c>binary_conv.weight</c> (and <c>.bias</c>), <c>bn.weight</c>, <c>bn.bias</c>,
/// <c>bn.running_mean</c>, <c>bn.running_var</c> (V1), <c>relu.pr_bias0.bias</c>, <c>relu.pr_prelu.weight</c>,
/// <c>relu.pr_bias1.bias</c>.
/// </summary>
/// <param name="builder">Where the nodes go.</param>
/// <param name="form">The form of all units of the network.</param>
/// <param name="bias">True where the binary convolutions have a bias.</param>
public sealed class BbcuUnit(NetworkBuilder builder, BbcuForm form, bool bias = false)
{
    // PyTorch's default for BatchNorm2d.
    private const float BatchNormEpsilon = 1e-5f;

    /// <summary>B: n -> n channels, the skip is the input.</summary>
    public string Body(string name, string input, int channels) =>
        Join(name, Branch(name, input, channels, channels), input, channels);

    /// <summary>H: image -> n channels; the skip repeats the image's channels while they fit, then channel 0.</summary>
    public string Head(string name, string image, int from, int to)
    {
        string branch = Branch(name, image, from, to);
        return Join(name, branch, builder.Append(name + ".repeat", SelectChannels.RepeatThenFirst(from, to), image), to);
    }

    /// <summary>
    /// U: n -> n channels at <paramref name="factor"/> times the size: the convolution makes n x factor x factor channels, which a pixel
    /// shuffle spreads; the skip is the input up-sampled to nearest neighbours.
    /// </summary>
    public string Up(string name, string input, int channels, int factor)
    {
        string branch = Branch(name, input, channels, channels * factor * factor);
        string shuffled = builder.Append(name + ".shuffle", new PixelShuffle(factor), branch);
        string skip = builder.Append(name + ".nearest", new ResizeNearest(factor), input);
        return Join(name, shuffled, skip, channels);
    }

    /// <summary>T: n -> image channels; the skip is <paramref name="image"/>, up-sampled already.</summary>
    public string Tail(string name, string input, string image, int from, int to) =>
        Join(name, Branch(name, input, from, to), image, to);

    // All of the branch that comes before the pixel shuffle, if there is one.
    private string Branch(string name, string input, int from, int to)
    {
        string moved = builder.Append(name + ".move0", new Affine(null, builder.Shift(name + ".move0.bias", from)), input);
        string sign = builder.Append(name + ".sign", new Sign(), moved);
        string convolved = builder.BinaryConv3x3(name + ".binary_conv", sign, from, to, bias);
        return form switch
        {
            BbcuForm.V1 => builder.Append(name + ".bn", BatchNorm(name + ".bn", to), convolved),
            BbcuForm.V4 => builder.Append(name + ".relu", Activation(name, to), convolved),
            _ => convolved,
        };
    }

    private string Join(string name, string branch, string skip, int channels)
    {
        if (form == BbcuForm.V4) return builder.Append(name, new Add(), branch, skip);
        string sum = builder.Append(name + ".sum", new Add(), branch, skip);
        return builder.Append(name, Activation(name, channels), sum);
    }

    private RPRelu Activation(string name, int channels) => new(
        builder.Shift(name + ".relu.pr_bias0.bias", channels),
        builder.Weight(name + ".relu.pr_prelu.weight", channels),
        builder.Shift(name + ".relu.pr_bias1.bias", channels));

    private BatchNorm BatchNorm(string name, int channels) => new(
        builder.Weight(name + ".weight", channels), builder.Weight(name + ".bias", channels),
        builder.Weight(name + ".running_mean", channels), builder.Weight(name + ".running_var", channels), BatchNormEpsilon);
}

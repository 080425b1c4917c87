using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// BiSRNet's binary unit BiSR-Conv and the changes of dimension made of it (arXiv 2305.10299, sections 3.1 and 3.2). A unit keeps its
/// channels, <c>out = RPReLU(conv(sign(k * x + b))) + x</c>; a change splits or joins two units, so that the full-precision stream is
/// never cut.
/// <code>
///   Increase   C -> 2C    units 1 and 2 over the same input, joined
///   Decrease   2C -> C    units 1 and 2 over the halves, averaged
/// </code>
/// Weights of a unit: <c>move0.k</c>, <c>move0.b</c>, <c>binary_conv.weight</c>, <c>relu.pr_bias0.bias</c>,
/// <c>relu.pr_prelu.weight</c>, <c>relu.pr_bias1.bias</c>, and <c>binary_activation.beta</c>, the slope of the surrogate gradient,
/// which only training reads.
/// </summary>
/// <param name="builder">Where the nodes go.</param>
public sealed class BiSrUnit(NetworkBuilder builder)
{
    /// <summary>A unit with a kernel of <paramref name="size"/> x <paramref name="size"/>.</summary>
    public string Unit(string name, string input, int channels, int size, int groups = 1)
    {
        string moved = builder.Append(name + ".move0", new Affine(builder.Shift(name + ".move0.k", channels), builder.Shift(name + ".move0.b", channels)), input);
        builder.Weight(name + ".binary_activation.beta", 1);
        string convolved = builder.BinaryConv(name + ".binary_conv", builder.Append(name + ".sign", new Sign(), moved), channels, channels, size, groups);
        return builder.Append(name, new Add(), Activation(name + ".relu", convolved, channels), input);
    }

    /// <summary>Two units over the same input, joined: <paramref name="channels"/> become twice as many.</summary>
    public string Increase(string name, string input, int channels, int size) =>
        builder.Append(name, new Concat(), Unit(name + ".biconv_1", input, channels, size), Unit(name + ".biconv_2", input, channels, size));

    /// <summary>A unit over each half of the channels, averaged: twice <paramref name="channels"/> become <paramref name="channels"/>.</summary>
    public string Decrease(string name, string input, int channels, int size)
    {
        string first = builder.Append(name + ".half_1", SelectChannels.Slice(0, channels), input);
        string second = builder.Append(name + ".half_2", SelectChannels.Slice(channels, channels), input);
        string sum = builder.Append(name + ".sum", new Add(), Unit(name + ".biconv_1", first, channels, size), Unit(name + ".biconv_2", second, channels, size));
        return builder.Append(name, new Scale(0.5f), sum);
    }

    /// <summary>RPReLU with the weights <c>pr_bias0.bias</c>, <c>pr_prelu.weight</c>, <c>pr_bias1.bias</c>.</summary>
    public string Activation(string name, string input, int channels) => builder.Append(name, new RPRelu(
        builder.Shift(name + ".pr_bias0.bias", channels),
        builder.Weight(name + ".pr_prelu.weight", channels),
        builder.Shift(name + ".pr_bias1.bias", channels)), input);
}

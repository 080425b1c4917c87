using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// The nodes of one convolution, wherever it comes from. Where it reads signs, its weights must be +-s[o] within
/// <see cref="Tolerance"/>; it becomes
/// <code>
///   sign -> BinaryConv2d(sign bits of the weights) -> Affine(* s[o], + bias[o])
/// </code>
/// A weight that is exactly 0 has no sign. PyTorch's sign gives it 0, so the layer counts twice, once with all zeros as +1 and once as
/// -1, and takes the mean, which is exact:
/// <code>
///   sign -> BinaryConv2d(zeros as +1) -> a,   sign -> BinaryConv2d(zeros as -1) -> b,   Add(a, b) -> Affine(* s[o] / 2, + bias[o])
/// </code>
/// Where a sign of 0 must be 0 (<see cref="SignForm.Zero"/>), the layer likewise counts twice, over the signs and over their opposites, and
/// takes half the difference: of 0 both are +1. Together with weights of 0 these are four convolutions.
/// <code>
///   Sign(x) -> BinaryConv2d -> a,   Sign(-x) -> BinaryConv2d -> b,   Subtract(a, b) -> Affine(* s[o] / 2, + bias[o])
/// </code>
/// A depthwise convolution with one weight a channel that is not 0 only moves pixels:
/// <code>
///   x -> Shift -> Affine(* weight[o], + bias[o]), without the Affine where that is 1 and 0
/// </code>
/// Otherwise it stays a full-precision Conv2d.
/// </summary>
/// <param name="Node">The ONNX node.</param>
/// <param name="Weight">Output channels x input channels a group x kernel height x kernel width.</param>
/// <param name="WeightName">What the weight is called.</param>
/// <param name="Bias">One value an output channel, or null.</param>
/// <param name="BiasName">What the bias is called.</param>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="Groups">Divides both channel counts.</param>
internal sealed record ConvolutionNodes(OnnxNode Node, Grid<float> Weight, string WeightName, float[]? Bias, string BiasName, Window Window, int Groups)
{
    /// <summary>Largest relative difference from +-s that still is rounding: folded estimators leave up to 1e-6.</summary>
    internal const double Tolerance = 1e-5;

    internal ImageValue Append(Conversion conversion, ImageValue input)
    {
        (double[] scales, double deviation, int worst) = BinaryWeights.Measure(Weight);
        if (conversion.SignOf(input.Tensor) is { } form)
        {
            if (!(deviation <= Tolerance))
                throw Node.Refuse(FormattableString.Invariant($"it reads signs, but its weights are not +-scale: output channel {worst} is off by {deviation:0.0e+0} relative"), "export with binarized weights, or without the sign");
            conversion.Log.Binary(Node.Name, deviation);
            return AppendBinary(conversion, input, form, [.. scales.Select(s => (float)s)]);
        }

        if (OneHotWeights.Find(Weight, Window, Groups, input.Shape.Channels) is { } oneHot)
        {
            conversion.Log.Shift(Node.Name);
            return AppendShift(conversion, input, oneHot);
        }

        bool looksBinary = deviation <= Tolerance && Weight.Items.AsSpan().IndexOf(0f) < 0;
        conversion.Log.FullPrecision(Node.Name, looksBinary ? "its weights are +-scale but its input is no sign" : "its input is no sign");
        FloatTensor weight = conversion.Weight(Node, WeightName, Weight.Dims, Weight.Items);
        return conversion.Append(Node, new Conv2d(weight, Bias is null ? null : conversion.Vector(Node, BiasName, Bias), Window, Groups), input);
    }

    private ImageValue AppendBinary(Conversion conversion, ImageValue input, SignForm form, float[] scales)
    {
        int zeros = Weight.Items.AsSpan().Count(0f), halvings = zeros > 0 ? 1 : 0;
        if (zeros > 0) conversion.Log.Note(FormattableString.Invariant($"{Node.Name}: {zeros} weights are exactly 0, so it takes two binary convolutions; set them to a small number before the export to save one"));
        BinaryConv2d[] halves = [.. Halves(conversion, form == SignForm.Minus ? -1 : 1, zeros > 0)];
        ImageValue sums = AppendSums(conversion, input, Node.Name, halves);
        if (form == SignForm.Zero)
        {
            ImageValue opposites = AppendSums(conversion, conversion.OppositeOf(Node, input), Node.Name + ".opposite", halves);
            sums = conversion.AppendNamed(Node, Node.Name + ".difference", new Subtract(), sums, opposites);
            conversion.Log.Doubled();
            halvings++;
        }

        return AppendAffine(conversion, sums, Array.ConvertAll(scales, s => MathF.ScaleB(s, -halvings)));
    }

    // Weights of 0 are +1 in the first and -1 in the second.
    private IEnumerable<BinaryConv2d> Halves(Conversion conversion, int factor, bool hasZeros)
    {
        yield return new BinaryConv2d(conversion.Bits(WeightName, Weight.Dims, Array.ConvertAll(Weight.Items, w => w == 0 ? 1 : factor * w)), Window, Groups);
        if (hasZeros) yield return new BinaryConv2d(conversion.Bits($"{WeightName}.zeros_low", Weight.Dims, Array.ConvertAll(Weight.Items, w => w == 0 ? -1 : factor * w)), Window, Groups);
    }

    private ImageValue AppendSums(Conversion conversion, ImageValue input, string name, BinaryConv2d[] halves)
    {
        ImageValue first = conversion.AppendNamed(Node, name, halves[0], input);
        if (halves.Length == 1) return first;
        ImageValue second = conversion.AppendNamed(Node, name + ".zeros_low", halves[1], input);
        return conversion.AppendNamed(Node, name + ".both", new Add(), first, second);
    }

    private ImageValue AppendShift(Conversion conversion, ImageValue input, OneHotWeights oneHot)
    {
        ImageValue shifted = oneHot.Shift is { } shift ? conversion.Append(Node, shift, input) : input;
        bool isPlain = oneHot.Scales.AsSpan().IndexOfAnyExcept(1f) < 0 && (Bias is null || Bias.AsSpan().IndexOfAnyExcept(0f) < 0);
        return isPlain ? shifted : AppendAffine(conversion, shifted, oneHot.Scales);
    }

    private ImageValue AppendAffine(Conversion conversion, ImageValue input, float[] scales)
    {
        FloatTensor scale = conversion.Vector(Node, Node.Name + ".scale", scales);
        return conversion.AppendNamed(Node, Node.Name + ".scale", new Affine(scale, Bias is null ? null : conversion.Vector(Node, BiasName, Bias)), input);
    }
}

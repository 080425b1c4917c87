using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Conv. Where it reads signs, its weights must be +-s[o] within <see cref="Tolerance"/>; it becomes
/// <code>
///   sign -> BinaryConv2d(sign bits of the weights) -> Affine(* s[o], + bias[o])
/// </code>
/// A weight that is exactly 0 has no sign. PyTorch's sign gives it 0, so the layer counts twice, once with all zeros as +1 and once as
/// -1, and takes the mean, which is exact:
/// <code>
///   sign -> BinaryConv2d(zeros as +1) -> a,   sign -> BinaryConv2d(zeros as -1) -> b,   Add(a, b) -> Affine(* s[o] / 2, + bias[o])
/// </code>
/// Otherwise it stays a full-precision Conv2d.
/// </summary>
internal sealed class ConvolutionConverter : OperatorConverter
{
    /// <summary>Largest relative difference from +-s that still is rounding: folded estimators leave up to 1e-6.</summary>
    internal const double Tolerance = 1e-5;

    internal override IReadOnlyList<string> Operators => ["Conv"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        Grid<float> weight = conversion.Constant(node, 1);
        if (weight.Rank != 4 || weight.Items.Length == 0) throw node.Refuse(FormattableString.Invariant($"its weight has the sizes [{string.Join(", ", weight.Dims)}]"), "only two-dimensional convolutions are supported");
        Window window = ReadWindow(node, weight);
        int groups = Bounded(node, node.Integer("group", 1), 1, DescriptorLimits.Channels, "group");
        float[]? bias = node.Input(2) is null ? null : conversion.Constant(node, 2).Items;
        (double[] scales, double deviation, int worst) = MeasureDeviation(weight);
        bool isSign = conversion.IsSign(input.Tensor);
        if (isSign && !(deviation <= Tolerance))
            throw node.Refuse(FormattableString.Invariant($"it reads signs, but its weights are not +-scale: output channel {worst} is off by {deviation:0.0e+0} relative"), "export with binarized weights, or without the sign");

        conversion.Define(node, isSign
            ? AppendBinary(node, conversion, input, weight, window, groups, [.. scales.Select(s => (float)s)], bias)
            : AppendFull(node, conversion, input, weight, window, groups, bias));
        if (isSign) conversion.Log.Binary(node.Name, deviation);
        else conversion.Log.FullPrecision(node.Name, deviation <= Tolerance && weight.Items.AsSpan().IndexOf(0f) < 0 ? "its weights are +-scale but its input is no sign" : "its input is no sign");
    }

    private static ImageValue AppendBinary(OnnxNode node, Conversion conversion, ImageValue input, Grid<float> weight, Window window, int groups, float[] scales, float[]? bias)
    {
        BitTensor bits = conversion.Bits(conversion.WeightName(node, 1, "weight"), weight.Dims, weight.Items);
        ImageValue sums = conversion.Append(node, new BinaryConv2d(bits, window, groups), input);
        int zeros = weight.Items.AsSpan().Count(0f);
        if (zeros > 0)
        {
            BitTensor lower = conversion.Bits($"{conversion.WeightName(node, 1, "weight")}.zeros_low", weight.Dims, Array.ConvertAll(weight.Items, w => w == 0 ? -1 : w));
            ImageValue second = conversion.AppendNamed(node, node.Name + ".zeros_low", new BinaryConv2d(lower, window, groups), input);
            sums = conversion.AppendNamed(node, node.Name + ".both", new Add(), sums, second);
            scales = Array.ConvertAll(scales, s => s / 2);
            conversion.Log.Note(FormattableString.Invariant($"{node.Name}: {zeros} weights are exactly 0, so it takes two binary convolutions; set them to a small number before the export to save one"));
        }

        FloatTensor scale = conversion.Vector(node, node.Name + ".scale", scales);
        return conversion.AppendNamed(node, node.Name + ".scale", new Affine(scale, bias is null ? null : conversion.Vector(node, conversion.WeightName(node, 2, "bias"), bias)), sums);
    }

    private static ImageValue AppendFull(OnnxNode node, Conversion conversion, ImageValue input, Grid<float> weight, Window window, int groups, float[]? bias) =>
        conversion.Append(
            node,
            new Conv2d(
                conversion.Weight(node, conversion.WeightName(node, 1, "weight"), weight.Dims, weight.Items),
                bias is null ? null : conversion.Vector(node, conversion.WeightName(node, 2, "bias"), bias),
                window, groups),
            input);

    private static (double[] Scales, double Deviation, int Worst) MeasureDeviation(Grid<float> weight)
    {
        int outputs = weight.Dims[0], each = weight.Items.Length / outputs, worst = 0;
        var scales = new double[outputs];
        double deviation = 0;
        for (int o = 0; o < outputs; o++)
        {
            // Exact zeros have no part in the scale and are no deviation.
            float[] values = [.. weight.Items.AsSpan(o * each, each).ToArray().Where(v => v != 0)];
            double scale = scales[o] = values.Length == 0 ? 0 : values.Average(v => Math.Abs((double)v));
            double off = values.Length == 0 ? 0 : values.Max(v => Math.Abs(Math.Abs((double)v) - scale)) / scale;

            // Written so that a value that is no number counts as a deviation.
            if (off <= deviation) continue;
            (deviation, worst) = (off, o);
        }

        return (scales, deviation, worst);
    }

    private static Window ReadWindow(OnnxNode node, Grid<float> weight)
    {
        string mode = node.Text("auto_pad", "NOTSET");
        if (mode is not ("NOTSET" or "" or "VALID")) throw node.Refuse($"auto_pad is {mode}", "export with explicit pads");
        long[] pads = Four(node, "pads", 0, 4), strides = Four(node, "strides", 1, 2), dilations = Four(node, "dilations", 1, 2);
        if (node.Integers("kernel_shape") is { } kernel && !kernel.SequenceEqual([weight.Dims[2], weight.Dims[3]]))
            throw node.Refuse($"kernel_shape is [{string.Join(", ", kernel)}], but the weight's kernel is {weight.Dims[2]} x {weight.Dims[3]}", "export the model again");
        if (mode == "VALID") pads = [0, 0, 0, 0];
        int[] p = [.. pads.Select(v => Bounded(node, v, 0, DescriptorLimits.Window, "pads"))];
        int[] s = [.. strides.Select(v => Bounded(node, v, 1, DescriptorLimits.Window, "strides"))], d = [.. dilations.Select(v => Bounded(node, v, 1, DescriptorLimits.Window, "dilations"))];
        return new Window(s[0], s[1], p[0], p[1], p[2], p[3], d[0], d[1]);
    }

    private static long[] Four(OnnxNode node, string attribute, long absent, int count)
    {
        if (node.Integers(attribute) is not { Count: > 0 } given) return [.. Enumerable.Repeat(absent, count)];
        return given.Count == count ? [.. given] : throw node.Refuse(FormattableString.Invariant($"{attribute} holds {given.Count} numbers in place of {count}"), "only two-dimensional convolutions are supported");
    }

    private static int Bounded(OnnxNode node, long value, int least, int most, string what) => value >= least && value <= most
        ? (int)value
        : throw node.Refuse(FormattableString.Invariant($"{what} holds {value}"), FormattableString.Invariant($"{least} to {most} are possible"));
}

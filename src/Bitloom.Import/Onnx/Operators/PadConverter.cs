using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Pad of rows and columns with zeros or by reflection. Amounts that are computed from the image's size are understood where they fill up
/// to a multiple:
/// <code>
///   Pad(x, 0, 0, -height % 8, -width % 8)   ->   PadToMultiple(x, 8)
/// </code>
/// </summary>
internal sealed class PadConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Pad"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        (Extent[] before, Extent[] after) = ReadAmounts(node, conversion, input);
        ImageAxis[] axes = [.. input.Order];
        Extent zero = Extent.Constant(0);
        for (int i = 0; i < axes.Length; i++)
            if (axes[i] is ImageAxis.Batch or ImageAxis.Channels && (before[i] != zero || after[i] != zero)) throw node.Refuse("it pads batch or channels", "the nearest that is supported: a Concat of channels");
        Extent top = Of(before, ImageAxis.Height), left = Of(before, ImageAxis.Width), bottom = Of(after, ImageAxis.Height), right = Of(after, ImageAxis.Width);
        if ((top, left, bottom, right) == (zero, zero, zero, zero)) conversion.Define(node, input);
        else conversion.Define(node, (top, left, bottom, right) is (ConstantExtent t, ConstantExtent l, ConstantExtent b, ConstantExtent r)
            ? ByConstants(node, conversion, input, [t.Value, l.Value, b.Value, r.Value])
            : conversion.Append(node, ToMultiple(node, conversion, input.Shape, (top, left), (bottom, right)), input));

        Extent Of(Extent[] amounts, ImageAxis axis) => Array.IndexOf(axes, axis) is >= 0 and int at ? amounts[at] : zero;
    }

    // Negative amounts cut off.
    private static ImageValue ByConstants(OnnxNode node, Conversion conversion, ImageValue input, int[] sides)
    {
        if (sides.Any(s => s is < -DescriptorLimits.Window or > DescriptorLimits.Window)) throw node.Refuse($"it pads by {string.Join(", ", sides)}", FormattableString.Invariant($"at most {DescriptorLimits.Window} are possible"));
        int[] cut = [.. sides.Select(s => Math.Max(0, -s))], added = [.. sides.Select(s => Math.Max(0, s))];
        if (cut.Any(c => c > 0)) input = conversion.AppendNamed(node, node.Name + ".cut", new Crop(cut[0], cut[1], cut[2], cut[3]), input);
        return added.Any(a => a > 0) ? conversion.Append(node, new Pad(added[0], added[1], added[2], added[3], ReadMode(node, conversion)), input) : input;
    }

    private static PadToMultiple ToMultiple(OnnxNode node, Conversion conversion, TensorShape shape, (Extent Top, Extent Left) before, (Extent Bottom, Extent Right) after)
    {
        Extent zero = Extent.Constant(0);
        if (before != (zero, zero) || MultipleOf(shape.Height, after.Bottom) is not { } rows || MultipleOf(shape.Width, after.Right) is not { } columns)
            throw node.Refuse("its amounts are computed in a way that is not understood", "pad by constants, or below and to the right by -height % m and -width % m");
        return new PadToMultiple((rows, columns), ReadMode(node, conversion));
    }

    // What fills `size` up to a multiple: 1 where nothing is added.
    private static int? MultipleOf(Extent size, Extent added)
    {
        if (ExtentArithmetic.Compute("Add", size, added, isReal: false) is not { } total) return null;
        for (int multiple = 1; multiple <= DescriptorLimits.Multiple; multiple++)
            if (ExtentArithmetic.AreEqual(total, size.Derive(1, multiple - 1, multiple).Times(multiple))) return multiple;
        return null;
    }

    private static PadMode ReadMode(OnnxNode node, Conversion conversion)
    {
        string mode = node.Text("mode", "constant");
        if (mode == "reflect") return PadMode.Reflect;
        if (mode is not ("constant" or "")) throw node.Refuse($"mode {mode} is not supported", "the nearest that is: reflect");
        float value = node.Input(2) is null ? node.Real("value", 0) : conversion.Constant(node, 2).Items is [var given] ? given : float.NaN;
        return value == 0 ? PadMode.Zero : throw node.Refuse(FormattableString.Invariant($"it pads with {value}"), "the nearest that is supported: padding with zeros");
    }

    // Amounts are an attribute up to operator set 10 and an input after; axes may be named from 18 on.
    private static (Extent[] Before, Extent[] After) ReadAmounts(OnnxNode node, Conversion conversion, ImageValue input)
    {
        int rank = input.Order.Count;
        Extent[] amounts = node.Integers("pads") is { } fixedAmounts
            ? [.. fixedAmounts.Select(a => Extent.Constant((int)Math.Clamp(a, int.MinValue, int.MaxValue)))]
            : node.Input(1) is not null && conversion.Value(node, 1) is IntegerValue { Grid: { Rank: 1, Items: var computed } } ? computed
            : throw node.Refuse("its amounts are not known", "pad by constants");
        int[] axes = node.Input(3) is null ? [.. Enumerable.Range(0, rank)]
            : Movement.Sizes(conversion.Value(node, 3))?.Select(a => GridSizes.Axis(a, rank)).ToArray() ?? throw node.Refuse("its axes are not constant", "name the axes");
        if (amounts.Length != 2 * axes.Length || axes.Contains(-1)) throw node.Refuse(FormattableString.Invariant($"it has {amounts.Length} amounts for {axes.Length} axes"), "export the model again");
        Extent[] before = [.. Enumerable.Repeat(Extent.Constant(0), rank)], after = [.. before];
        for (int i = 0; i < axes.Length; i++) (before[axes[i]], after[axes[i]]) = (amounts[i], amounts[axes.Length + i]);
        return (before, after);
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Transpose, Squeeze, Unsqueeze and Flatten of images: they only change in which order, or whether, ONNX counts an axis. An image of
/// fixed size that is flattened is a vector for a Linear layer.
/// </summary>
internal sealed class AxisConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Transpose", "Squeeze", "Unsqueeze", "Flatten"];

    internal override void Convert(OnnxNode node, Conversion conversion) => conversion.Define(node, (node.Operator, conversion.Value(node, 0)) switch
    {
        ("Transpose", ViewValue { Order: null } view) => view with { Order = Permutation(node, view.Dims.Length) },
        ("Transpose", _) => Transpose(node, conversion.Pixels(node, 0)),
        ("Flatten", FlatValue flat) when node.Integer("axis", 1) is 1 or -1 => flat,
        ("Flatten", _) => Flatten(node, conversion.Pixels(node, 0)),
        ("Squeeze", _) => Squeeze(node, conversion, conversion.Pixels(node, 0)),
        _ => Unsqueeze(node, conversion, conversion.Pixels(node, 0)),
    });

    private static ImageValue Transpose(OnnxNode node, ImageValue image) =>
        image with { Order = Permutation(node, image.Order.Count).Select(a => image.Order[a]).ToEquatableArray() };

    private static int[] Permutation(OnnxNode node, int rank)
    {
        int[] order = node.Integers("perm") is { Count: > 0 } perm ? [.. perm.Select(a => GridSizes.Axis(a, rank))] : [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank)) ? order : throw node.Refuse(FormattableString.Invariant($"its perm does not fit {rank} axes"), "export the model again");
    }

    private static OnnxValue Flatten(OnnxNode node, ImageValue image)
    {
        if (image.Order.Count == 0 || image.Order[0] != ImageAxis.Batch || GridSizes.Axis(node.Integer("axis", 1), image.Order.Count) != 1)
            throw node.Refuse("it flattens other axes than all but the batch", "the nearest that is supported: Flatten with axis 1");
        Extent one = Extent.Constant(1);
        if (image.Shape.Height == one && image.Shape.Width == one) return image with { Order = AxisOrder.Vector };
        return Array.TrueForAll(image.Dims, d => d is ConstantExtent)
            ? new FlatValue(image)
            : throw node.Refuse("it flattens an image of any size", "average it first, or export with a fixed size");
    }

    private static ImageValue Squeeze(OnnxNode node, Conversion conversion, ImageValue image)
    {
        Extent one = Extent.Constant(1);
        int[] axes = Axes(node, conversion)?.Select(a => GridSizes.Axis(a, image.Order.Count)).ToArray() ?? [.. Enumerable.Range(0, image.Order.Count).Where(i => image.Dims[i] == one)];
        if (axes.Any(a => a < 0 || image.Dims[a] != one)) throw node.Refuse("it drops an axis that is not of size 1", "name axes of size 1");
        return image with { Order = image.Order.Where((_, i) => !axes.Contains(i)).ToEquatableArray() };
    }

    private static ImageValue Unsqueeze(OnnxNode node, Conversion conversion, ImageValue image)
    {
        int[] given = Axes(node, conversion) ?? throw node.Refuse("its axes are not constant", "name the axes");
        int rank = image.Order.Count + given.Length;
        int[] axes = [.. given.Select(a => GridSizes.Axis(a, rank)).Order()];
        var missing = new Queue<ImageAxis>(Enum.GetValues<ImageAxis>().Except(image.Order));
        if (axes.Length > missing.Count || axes.Contains(-1) || axes.Distinct().Count() != axes.Length) throw node.Refuse("it adds axes that an image does not have", "the nearest that is supported: up to batch, channels, height, width");
        var order = new List<ImageAxis>(image.Order);
        foreach (int axis in axes) order.Insert(axis, missing.Dequeue());
        return image with { Order = order.ToEquatableArray() };
    }

    // An attribute up to operator set 12 and an input after.
    private static int[]? Axes(OnnxNode node, Conversion conversion) =>
        node.Integers("axes")?.Select(a => (int)Math.Clamp(a, int.MinValue, int.MaxValue)).ToArray() ?? (node.Input(1) is null ? null : Movement.Sizes(conversion.Value(node, 1)));
}

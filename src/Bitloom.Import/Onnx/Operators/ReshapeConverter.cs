using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Reshape and Transpose of images, where they spell a pixel shuffle:
/// <code>
///   1 x C*r*r x H x W  -Reshape->  1 x C x r x r x H x W  -Transpose 0 1 4 2 5 3->  -Reshape->  1 x C x H*r x W*r
/// </code>
/// A reshape to the sizes that an image has already is nothing.
/// </summary>
internal sealed class ReshapeConverter : OperatorConverter
{
    private static readonly int[] Shuffle = [0, 1, 4, 2, 5, 3];

    internal override IReadOnlyList<string> Operators => ["Reshape", "Transpose"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        OnnxValue? input = conversion.Value(node, 0);
        conversion.Define(node, (node.Operator, input) switch
        {
            ("Reshape", ImageValue image) => Open(node, conversion, image),
            ("Transpose", ViewValue { Order: null } view) => view with { Order = [.. (node.Integers("perm") ?? []).Select(a => GridSizes.Axis(a, view.Dims.Length))] },
            ("Reshape", ViewValue { Order: not null } view) => Close(node, conversion, view),
            _ => throw Unknown(node),
        });
    }

    private static OnnxValue Open(OnnxNode node, Conversion conversion, ImageValue image)
    {
        Extent[] dims = Sizes(node, conversion, image.Dims);
        return Matches(conversion, dims, image.Dims) ? image : new ViewValue(image, dims, null);
    }

    private static ImageValue Close(OnnxNode node, Conversion conversion, ViewValue view)
    {
        TensorShape shape = view.Source.Shape;
        if (!view.Order!.SequenceEqual(Shuffle) || view.Dims.Length != 6 || GridSizes.Fixed(view.Dims[2]) is not (>= 1 and <= DescriptorLimits.Factor and int factor)) throw Unknown(node);
        int channels = shape.Channels / (factor * factor);
        Extent one = Extent.Constant(1), block = Extent.Constant(factor), depth = Extent.Constant(channels);
        bool opens = shape.Channels % (factor * factor) == 0 && Matches(conversion, view.Dims, [one, depth, block, block, shape.Height, shape.Width]);
        Extent[] dims = Sizes(node, conversion, [one, depth, shape.Height, block, shape.Width, block]);
        if (!opens || !Matches(conversion, dims, [one, depth, shape.Height.Times(factor), shape.Width.Times(factor)])) throw Unknown(node);
        return conversion.Append(node, new PixelShuffle(factor), view.Source);
    }

    // 0 keeps a size; -1 stays and matches whatever is left.
    private static Extent[] Sizes(OnnxNode node, Conversion conversion, Extent[] before)
    {
        if (conversion.Value(node, 1) is not IntegerValue { Grid.Rank: 1 } sizes) throw node.Refuse("its sizes are not known", "export with a fixed size");
        return [.. sizes.Grid.Items.Select((size, axis) => size == Extent.Constant(0) && axis < before.Length ? before[axis] : size)];
    }

    private static bool Matches(Conversion conversion, Extent[] sizes, Extent[] wanted) =>
        sizes.Length == wanted.Length && sizes.Count(s => s == Extent.Constant(-1)) <= 1
        && sizes.Zip(wanted).All(p => p.First == Extent.Constant(-1) || conversion.IsSize(p.Second, p.First));

    private static ImportException Unknown(OnnxNode node) =>
        node.Refuse("this rearrangement of an image is not supported", "the nearest that is: a pixel shuffle as DepthToSpace or Reshape, Transpose 0 1 4 2 5 3, Reshape");
}

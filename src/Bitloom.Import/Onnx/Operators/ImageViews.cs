using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Reshape, Transpose, Reshape of an image, where they spell a pixel shuffle or a reordering of channels:
/// <code>
///   1 x C*r*r x H x W  -Reshape->  1 x C x r x r x H x W  -Transpose 0 1 4 2 5 3->  -Reshape->  1 x C x H*r x W*r   =  PixelShuffle
///   1 x g*k x H x W    -Reshape->  1 x g x k x H x W      -Transpose 0 2 1 3 4->    -Reshape->  1 x k*g x H x W     =  SelectChannels
/// </code>
/// </summary>
internal static class ImageViews
{
    private static readonly int[] Shuffle = [0, 1, 4, 2, 5, 3];

    /// <summary>The image that a view is when it is reshaped to <paramref name="sizes"/>.</summary>
    /// <exception cref="ImportException">The view is neither of the two.</exception>
    internal static ImageValue Close(OnnxNode node, Conversion conversion, ViewValue view, Extent[] sizes) =>
        view.Order!.SequenceEqual(Shuffle) ? ToPixelShuffle(node, conversion, view, sizes) : ToChannelOrder(node, conversion, view, sizes);

    internal static ImportException Unknown(OnnxNode node) => node.Refuse(
        "this rearrangement of an image is not supported",
        "the nearest that is: a pixel shuffle as DepthToSpace or Reshape, Transpose 0 1 4 2 5 3, Reshape");

    private static ImageValue ToPixelShuffle(OnnxNode node, Conversion conversion, ViewValue view, Extent[] sizes)
    {
        TensorShape shape = view.Source.Shape;
        if (view.Dims.Length != 6 || GridSizes.Fixed(view.Dims[2]) is not (>= 1 and <= DescriptorLimits.Factor and int factor)) throw Unknown(node);
        int channels = shape.Channels / (factor * factor);
        Extent one = Extent.Constant(1), block = Extent.Constant(factor), depth = Extent.Constant(channels);
        bool opens = shape.Channels % (factor * factor) == 0 && ReshapeConverter.Matches(conversion, view.Dims, [one, depth, block, block, shape.Height, shape.Width]);
        bool closes = ReshapeConverter.Matches(conversion, WithKept(sizes, [one, depth, shape.Height, block]), [one, depth, shape.Height.Times(factor), shape.Width.Times(factor)]);
        return opens && closes ? conversion.Append(node, new PixelShuffle(factor), view.Source) : throw Unknown(node);
    }

    private static ImageValue ToChannelOrder(OnnxNode node, Conversion conversion, ViewValue view, Extent[] sizes)
    {
        TensorShape shape = view.Source.Shape;
        int rank = view.Dims.Length, parts = rank - 3;
        int[] order = view.Order!;
        bool keepsPixels = parts >= 2 && order.Length == rank && order[0] == 0 && order[^2] == rank - 2 && order[^1] == rank - 1 && order.Order().SequenceEqual(Enumerable.Range(0, rank));
        int?[] known = [.. view.Dims.Skip(1).Take(Math.Max(parts, 0)).Select(GridSizes.Fixed)];
        if (!keepsPixels || known.Any(k => k is null or < 1 or > DescriptorLimits.Channels)) throw Unknown(node);
        int[] depths = [.. known.Select(k => k ?? 1)];
        if (depths.Aggregate(1L, (n, d) => Math.Min(n * d, int.MaxValue)) != shape.Channels) throw Unknown(node);
        Extent[] standard = view.Source.Dims;
        if (!ReshapeConverter.Matches(conversion, view.Dims, [standard[0], .. depths.Select(Extent.Constant), standard[2], standard[3]])) throw Unknown(node);
        if (!ReshapeConverter.Matches(conversion, WithKept(sizes, [standard[0]]), standard)) throw Unknown(node);

        int[] strides = GridSizes.Strides(depths), moved = [.. order[1..^2].Select(a => a - 1)];
        var channels = new Grid<int>(depths, [.. Enumerable.Range(0, shape.Channels)]).Pick([.. moved.Select(a => depths[a])], at => at.Select((p, i) => p * strides[moved[i]]).Sum());
        return ChannelConverter.Select(node, conversion, view.Source, channels.Items);
    }

    // 0 keeps a size of the transposed view.
    private static Extent[] WithKept(Extent[] sizes, Extent[] before) =>
        [.. sizes.Select((size, axis) => size == Extent.Constant(0) && axis < before.Length ? before[axis] : size)];
}

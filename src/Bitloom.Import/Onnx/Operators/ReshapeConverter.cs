using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Reshape of images: nothing where it only adds or drops axes of size 1; a vector where an image of fixed size is flattened; else a view
/// that <see cref="ImageViews"/> understands once it is transposed and reshaped back.
/// </summary>
internal sealed class ReshapeConverter : OperatorConverter
{
    private static readonly Extent One = Extent.Constant(1);

    private static readonly Extent Rest = Extent.Constant(-1);

    internal override IReadOnlyList<string> Operators => ["Reshape"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        OnnxValue? input = conversion.Value(node, 0);
        conversion.Define(node, input switch
        {
            ImageValue image => Open(node, conversion, image),
            ViewValue { Order: not null } view => ImageViews.Close(node, conversion, view, Sizes(node, conversion, [])),
            FlatValue flat => Unflatten(node, conversion, flat),
            _ => throw ImageViews.Unknown(node),
        });
    }

    /// <summary>True where sizes are those wanted; one -1 is whatever is left.</summary>
    internal static bool Matches(Conversion conversion, IReadOnlyList<Extent> sizes, IReadOnlyList<Extent> wanted) =>
        sizes.Count == wanted.Count && sizes.Count(s => s == Rest) <= 1 && sizes.Zip(wanted).All(p => p.First == Rest || conversion.IsSize(p.Second, p.First));

    private static OnnxValue Open(OnnxNode node, Conversion conversion, ImageValue image)
    {
        Extent[] sizes = Sizes(node, conversion, image.Dims);
        if (Matches(conversion, sizes, image.Dims)) return image;
        if (WithOtherOnes(conversion, image, sizes) is { } same) return same;
        bool isVector = sizes.Length == 2 && (sizes[0] == One || sizes[0] == Rest);
        if (isVector && image.Order[0] == ImageAxis.Batch && Array.TrueForAll(image.Dims, d => d is ConstantExtent))
        {
            var flat = new FlatValue(image);
            if (sizes[1] == Extent.Constant(flat.Count) || (sizes[1] == Rest && sizes[0] == One)) return flat;
        }

        if (!image.IsStandard) throw ImageViews.Unknown(node);
        return isVector ? throw node.Refuse("it flattens an image of any size", "average it first, or export with a fixed size") : new ViewValue(image, sizes, null);
    }

    // The axes that are larger than 1 stay in order; new ones of size 1 are the ones that an image has and this one has left out.
    private static ImageValue? WithOtherOnes(Conversion conversion, ImageValue image, Extent[] sizes)
    {
        var large = new Queue<ImageAxis>(image.Order.Where(a => image.SizeOf(a) != One));
        var missing = new Queue<ImageAxis>(Enum.GetValues<ImageAxis>().Except(large));
        var order = new List<ImageAxis>();
        foreach (Extent size in sizes)
        {
            bool isLarge = size != One && (size != Rest || large.Count > 0);
            if (isLarge && (!large.TryPeek(out ImageAxis next) || (size != Rest && !conversion.IsSize(image.SizeOf(next), size)))) return null;
            if ((isLarge ? large : missing) is not { Count: > 0 } from) return null;
            order.Add(from.Dequeue());
        }

        return large.Count == 0 && sizes.Count(s => s == Rest) <= 1 ? image with { Order = order.ToEquatableArray() } : null;
    }

    private static OnnxValue Unflatten(OnnxNode node, Conversion conversion, FlatValue flat)
    {
        Extent[] sizes = Sizes(node, conversion, [One, Extent.Constant(flat.Count)]);
        if (Matches(conversion, sizes, [One, Extent.Constant(flat.Count)])) return flat;
        return Matches(conversion, sizes, flat.Source.Dims) ? flat.Source : throw ImageViews.Unknown(node);
    }

    // 0 keeps a size.
    private static Extent[] Sizes(OnnxNode node, Conversion conversion, Extent[] before)
    {
        if (conversion.Value(node, 1) is not IntegerValue { Grid.Rank: 1 } sizes) throw node.Refuse("its sizes are not known", "export with a fixed size");
        return [.. sizes.Grid.Items.Select((size, axis) => size == Extent.Constant(0) && axis < before.Length ? before[axis] : size)];
    }
}

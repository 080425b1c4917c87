using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Slice along channels, and of rows and columns where it cuts a constant number off each side or everything beyond the size of an input
/// of the network:
/// <code>
///   Slice(x, 1 to -1 of height)                        ->   Crop(1 above, 1 below)
///   Slice(x, 0 to input's height, 0 to input's width)  ->   CropLike(x, input)
/// </code>
/// </summary>
internal sealed class SliceConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Slice"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue image = conversion.Pixels(node, 0);
        (Cut rows, Cut columns) = (new Cut(0, image.Shape.Height), new Cut(0, image.Shape.Width));
        foreach (SliceRange<Extent> range in ReadRanges(node, conversion))
        {
            switch (image.AxisOf(range.Axis))
            {
                case ImageAxis.Channels:
                    image = ChannelConverter.Select(node, conversion, image, Channels(node, range, image.Shape.Channels));
                    break;
                case ImageAxis.Height:
                    rows = ReadCut(node, conversion, range, image, image.Shape.Height, "height");
                    break;
                case ImageAxis.Width:
                    columns = ReadCut(node, conversion, range, image, image.Shape.Width, "width");
                    break;
                default:
                    if (range is not { Start: ConstantExtent { Value: 0 }, End: ConstantExtent { Value: >= 1 }, Step: 1 }) throw node.Refuse("it slices the batch or an axis that is not there", "the nearest that is supported: a slice of channels, rows and columns");
                    break;
            }
        }

        conversion.Define(node, Crop(node, conversion, image, rows, columns));
    }

    private static ImageValue Crop(OnnxNode node, Conversion conversion, ImageValue image, Cut rows, Cut columns)
    {
        int? below = ExtentArithmetic.Difference(image.Shape.Height, rows.End), right = ExtentArithmetic.Difference(image.Shape.Width, columns.End);
        if ((rows.Start, columns.Start, below, right) == (0, 0, 0, 0)) return image;
        if (below is >= 0 && right is >= 0) return conversion.Append(node, new Crop(rows.Start, columns.Start, below.Value, right.Value), image);
        return (rows.Start, columns.Start) == (0, 0) && conversion.InputOfSize(rows.End, columns.End) is { } input
            ? conversion.Append(node, new CropLike(), image, input)
            : throw node.Refuse("it cuts height or width to a size that is not understood", "cut a constant number of rows and columns off, or slice both to an input's size");
    }

    private static Cut ReadCut(OnnxNode node, Conversion conversion, SliceRange<Extent> range, ImageValue image, Extent size, string symbol)
    {
        if (range.Step != 1) throw node.Refuse(FormattableString.Invariant($"it takes every {range.Step}th row or column"), "the nearest that is supported: Conv with a stride");
        int start = range.Start switch
        {
            ConstantExtent { Value: >= 0 } fromStart => fromStart.Value,
            ConstantExtent fromEnd when size is ConstantExtent whole => Math.Max(0, whole.Value + fromEnd.Value),
            _ => throw node.Refuse("it starts at a row or column that depends on the image's size", "start at a constant"),
        };
        return new Cut(start, End(node, conversion, range.End, image, size, symbol));
    }

    // An end given as a number is what the exporter has computed for its size: all of it, less what a Pad has added, or an input's size.
    private static Extent End(OnnxNode node, Conversion conversion, Extent end, ImageValue image, Extent size, string symbol)
    {
        if (end is ConstantExtent { Value: < 0 } fromEnd) return size.Derive(1, fromEnd.Value, 1);
        if (end is ConstantExtent { Value: int.MaxValue }) return size;
        if (end is not ConstantExtent number) return end;
        if (size is ConstantExtent whole) return Extent.Constant(Math.Min(number.Value, whole.Value));
        int? exported = conversion.AtExport(size);
        if (number.Value == exported) return size;
        if (conversion.AtExport(Extent.Symbol(symbol)) == number.Value) return conversion.FreeSize(symbol);
        return number.Value < exported && conversion.MakerOf(image.Tensor)?.Operator is Pad
            ? size.Derive(1, number.Value - exported.Value, 1)
            : throw node.Refuse(FormattableString.Invariant($"it ends at row or column {number.Value}, whatever the image's size"), "end at the image's size or relative to its end");
    }

    private static int[] Channels(OnnxNode node, SliceRange<Extent> range, int channels)
    {
        if (range is not { Start: ConstantExtent start, End: ConstantExtent end }) throw node.Refuse("its bounds are not constant", "slice channels by constants");
        int[] chosen = SliceRange.Indices(start.Value, end.Value, range.Step, channels);
        return chosen.Length > 0 ? chosen : throw node.Refuse("it takes no channel", "slice at least one");
    }

    private static IEnumerable<SliceRange<Extent>> ReadRanges(OnnxNode node, Conversion conversion)
    {
        OnnxValue?[] inputs = [.. node.Inputs.Select((_, i) => conversion.Value(node, i))];
        return SliceRange.Read(node, inputs, Numbers) ?? throw node.Refuse("its bounds are not known", "slice by constants");

        static Extent[]? Numbers(OnnxValue? value) => ConstantEvaluator.ToWhole(value) is { Grid.Rank: <= 1 } whole ? whole.Grid.Items : null;
    }

    private sealed record Cut(int Start, Extent End);
}

using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Resize and Upsample by whole factors: nearest neighbours, and linear with half-pixel centres. Other coordinate modes are other
/// functions and are refused by name.
/// </summary>
internal sealed class ResizeConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Resize", "Upsample"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        int factor = ReadFactor(node, conversion, input);
        string mode = node.Text("mode", "nearest");

        // Before operator set 11 there was one way only, which later versions call asymmetric.
        bool isOld = node.Operator == "Upsample" || conversion.Opset < 11;
        string coordinates = isOld ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        string rounding = isOld ? "floor" : node.Text("nearest_mode", "round_prefer_floor");
        conversion.Define(node, factor == 1 ? input : conversion.Append(node, mode switch
        {
            "nearest" when (coordinates == "asymmetric" && rounding == "floor") || (coordinates is "half_pixel" or "pytorch_half_pixel" && rounding.StartsWith("round", StringComparison.Ordinal)) => new ResizeNearest(factor),
            "nearest" => throw node.Refuse($"coordinate_transformation_mode {coordinates} with nearest_mode {rounding} is not supported", "the nearest that is: asymmetric with floor"),

            // Both agree where the result has more than one pixel, and it has the factor at least.
            "linear" when coordinates is "half_pixel" or "pytorch_half_pixel" => new ResizeBilinear(factor),
            "linear" => throw node.Refuse($"coordinate_transformation_mode {coordinates} is not supported for linear", "the nearest that is: half_pixel (align_corners=False)"),
            _ => throw node.Refuse($"mode {mode} is not supported", "the nearest that is: linear"),
        }, input));
    }

    private static int ReadFactor(OnnxNode node, Conversion conversion, ImageValue input)
    {
        if (node.Integer("antialias", 0) != 0 || node.Integers("axes") is not null) throw node.Refuse("antialias and axes are not supported", "export without them");
        int scales = node.Operator == "Upsample" || conversion.Opset < 11 ? 1 : 2;
        if (node.Operator != "Upsample" && conversion.Opset >= 11 && node.Input(3) is not null && conversion.Value(node, 3) is IntegerValue { Grid.Items: [_, var channels, var height, var width] })
        {
            int? vertical = conversion.Ratio(height, input.Shape.Height), horizontal = conversion.Ratio(width, input.Shape.Width);
            return channels == Extent.Constant(input.Shape.Channels) ? Check(node, vertical ?? 0, horizontal ?? 0) : throw node.Refuse("it resizes channels", "only height and width can be resized");
        }

        if (node.Input(scales) is null || conversion.Value(node, scales) is not { } given || ConstantEvaluator.ToReal(given)?.Grid.Items is not [1, 1, var down, var across])
            throw node.Refuse("its factors are not constant, or other than 1 for batch or channels", "export with a whole scale_factor");
        return Check(node, down, across);
    }

    private static int Check(OnnxNode node, float vertical, float horizontal) =>
        vertical == horizontal && vertical >= 1 && vertical <= DescriptorLimits.Factor && vertical == MathF.Floor(vertical)
            ? (int)vertical
            : throw node.Refuse(FormattableString.Invariant($"its factors are not one whole number from 1 to {DescriptorLimits.Factor}"), "resize by a whole factor, equal in both directions");
}

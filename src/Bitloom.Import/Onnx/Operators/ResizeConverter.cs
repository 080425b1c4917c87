using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Resize and Upsample, rows and columns alike. Whole factors up with PyTorch's usual coordinates are ResizeNearest and ResizeBilinear,
/// everything else Resize. Modes that no export of PyTorch has, and those that could differ from Resize at a pixel, are refused by name.
/// </summary>
internal sealed class ResizeConverter : OperatorConverter
{
    // PyTorch's cubic convolution.
    private const float CubicCoefficient = -0.75f;

    internal override IReadOnlyList<string> Operators => ["Resize", "Upsample"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        ResizeTarget target = ResizeTarget.Read(node, conversion, input);
        if (target.KeepsSize(input.Shape)) conversion.Define(node, input);
        else conversion.Define(node, conversion.Append(node, Choose(node, conversion, input.Shape, target), input));
    }

    private static Operator Choose(OnnxNode node, Conversion conversion, TensorShape shape, ResizeTarget target)
    {
        // Before operator set 11 there was one way only, which later versions call asymmetric.
        bool isOld = node.Operator == "Upsample" || conversion.Opset < 11;
        string mode = node.Text("mode", "nearest"), coordinates = isOld ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        string rounding = isOld ? "floor" : node.Text("nearest_mode", "round_prefer_floor");
        ResizeCoordinates places = coordinates switch
        {
            "half_pixel" => ResizeCoordinates.HalfPixel,

            // Differs from half_pixel where the result is a single pixel.
            "pytorch_half_pixel" when target.IsUp || (target.IsFixed && (target.Height, target.Width) is ( > 1, > 1)) => ResizeCoordinates.HalfPixel,
            "align_corners" => ResizeCoordinates.AlignCorners,
            "asymmetric" => ResizeCoordinates.Asymmetric,
            _ => throw node.Refuse($"coordinate_transformation_mode {coordinates} is not supported here", "the nearest that is: half_pixel"),
        };
        switch (mode)
        {
            case "nearest" when !IsSameNeighbour(places, rounding, target.TiesAreImpossible(shape)):
                throw node.Refuse($"coordinate_transformation_mode {coordinates} with nearest_mode {rounding} is not supported here", "the nearest that is: asymmetric with floor");
            case "nearest" when target.Factor is { } factor && places is not ResizeCoordinates.AlignCorners:
                return new ResizeNearest(factor);
            case "linear" when target.Factor is { } factor && places is ResizeCoordinates.HalfPixel:
                return new ResizeBilinear(factor);
            case "cubic" when node.Real("cubic_coeff_a", CubicCoefficient) != CubicCoefficient || node.Integer("exclude_outside", 0) != 0:
                throw node.Refuse("its cubic is not PyTorch's", "the nearest that is supported: cubic_coeff_a=-0.75, exclude_outside=0");
            default:
                return target.With(
                    mode switch
                    {
                        "nearest" => ResizeMethod.Nearest,
                        "linear" => ResizeMethod.Bilinear,
                        "cubic" => ResizeMethod.Bicubic,
                        _ => throw node.Refuse($"mode {mode} is not supported", "the nearest that is: linear"),
                    },
                    places);
        }
    }

    // Resize takes the floor for asymmetric coordinates and else the nearest pixel, the later of two equally near.
    private static bool IsSameNeighbour(ResizeCoordinates places, string rounding, bool tiesAreImpossible) => places is ResizeCoordinates.Asymmetric
        ? rounding == "floor"
        : rounding == "round_prefer_ceil" || (rounding == "round_prefer_floor" && tiesAreImpossible && places is ResizeCoordinates.HalfPixel);
}

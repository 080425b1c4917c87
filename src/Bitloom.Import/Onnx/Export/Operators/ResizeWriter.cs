using System.Numerics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>
/// Resampling as Resize. ONNX tells ratios in single precision. A ratio whose divisor is a power of two is exact; others are rounded up,
/// so that the size comes out right, and places of linear and cubic interpolation to rounding. The nearest pixel may not be off by one,
/// so with such a ratio it is found by whole numbers and Gather.
/// </summary>
internal sealed class ResizeWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(ResizeNearest), typeof(ResizeBilinear), typeof(Resize)];

    internal override void Write(NodeDraft draft)
    {
        switch (draft.Node.Operator)
        {
            case ResizeNearest nearest:
                WriteRatio(draft, Resize.By(nearest.Factor, 1, ResizeMethod.Nearest, ResizeCoordinates.Asymmetric));
                break;
            case ResizeBilinear bilinear:
                WriteRatio(draft, Resize.By(bilinear.Factor, 1, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel));
                break;
            case Resize { Method: ResizeMethod.Nearest, Coordinates: not ResizeCoordinates.AlignCorners } resize when !IsExact(resize, draft.InputShape()):
                WriteNearest(draft, resize);
                break;
            case Resize { IsFixed: true } resize:
                string sizes = draft.Constants.Wholes(1, draft.InputShape().Channels, resize.Height, resize.Width);
                draft.Result("Resize", [draft.Input(), "", "", sizes], Form(resize));
                break;
            case Resize resize:
                WriteRatio(draft, resize);
                break;
        }
    }

    private static void WriteRatio(NodeDraft draft, Resize resize)
    {
        float ratio = RatioAtLeast(resize.Multiplier, resize.Divisor);
        string name = FormattableString.Invariant($"scales.{resize.Multiplier}.{resize.Divisor}");
        string scales = draft.Constants.Made(name, [4], 4, i => i < 2 ? 1 : ratio);
        draft.Result("Resize", [draft.Input(), "", scales], Form(resize));
    }

    private static AttributeProto[] Form(Resize resize)
    {
        AttributeProto place = Attributes.Text("coordinate_transformation_mode", resize.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => "half_pixel",
            ResizeCoordinates.AlignCorners => "align_corners",
            _ => "asymmetric",
        });
        return resize.Method switch
        {
            ResizeMethod.Nearest => [place, Attributes.Text("mode", "nearest"), Attributes.Text("nearest_mode", resize.Coordinates == ResizeCoordinates.Asymmetric ? "floor" : "round_prefer_ceil")],
            ResizeMethod.Bilinear => [place, Attributes.Text("mode", "linear")],
            _ => [place, Attributes.Text("mode", "cubic"), Attributes.Real("cubic_coeff_a", -0.75f)],
        };
    }

    // With whole numbers the pixel at y / ratio is y * divisor / multiplier, and the nearest to (y + 1/2) / ratio - 1/2, of two the
    // later, is (2 y + 1) * divisor / (2 multiplier), both rounded down. The last row of the output never reaches past the input's.
    private static void WriteNearest(NodeDraft draft, Resize resize)
    {
        string rows = Along("rows", 2, resize.Height, draft.Input());
        string columns = draft.Inner("resized", "Gather", [draft.Input(), rows], Attributes.Whole("axis", 2));
        draft.Result("Gather", [columns, Along("columns", 3, resize.Width, draft.Input())], Attributes.Whole("axis", 3));

        string Along(string role, int axis, int fixedSize, string value)
        {
            Initialisers constants = draft.Constants;
            string shape = draft.Inner($"{role}.shape", "Shape", [value]);
            string from = draft.Inner($"{role}.from", "Gather", [shape, constants.Whole(axis)], Attributes.Whole("axis", 0));
            string to = resize.IsFixed ? constants.Whole(fixedSize) : Times("scaled", from, resize.Multiplier);
            if (!resize.IsFixed) to = Over("to", to, constants.Whole(resize.Divisor));
            string numerator = resize.IsFixed ? from : constants.Whole(resize.Divisor);
            string denominator = resize.IsFixed ? to : constants.Whole(resize.Multiplier);
            string place = draft.Inner($"{role}.range", "Range", [constants.Whole(0), to, constants.Whole(1)]);
            if (resize.Coordinates == ResizeCoordinates.HalfPixel)
            {
                place = draft.Inner($"{role}.centres", "Add", [Times("doubled", place, 2), constants.Whole(1)]);
                denominator = Times("denominator", denominator, 2);
            }

            return Over("index", draft.Inner($"{role}.places", "Mul", [place, numerator]), denominator);

            string Times(string part, string size, long factor) => draft.Inner($"{role}.{part}", "Mul", [size, constants.Whole(factor)]);

            string Over(string part, string size, string divisor) => draft.Inner($"{role}.{part}", "Div", [size, divisor]);
        }
    }

    private static bool IsExact(Resize resize, TensorShape input) => resize.IsFixed
        ? input.Height is ConstantExtent height && input.Width is ConstantExtent width && IsDyadic(resize.Height, height.Value) && IsDyadic(resize.Width, width.Value)
        : IsDyadic(resize.Multiplier, resize.Divisor);

    private static bool IsDyadic(int multiplier, int divisor) =>
        BitOperations.IsPow2(divisor / (int)BigInteger.GreatestCommonDivisor(multiplier, divisor));

    private static float RatioAtLeast(int multiplier, int divisor)
    {
        float ratio = (float)multiplier / divisor;
        return (double)ratio * divisor < multiplier ? MathF.BitIncrement(ratio) : ratio;
    }
}

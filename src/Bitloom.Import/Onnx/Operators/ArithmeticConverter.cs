using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Add, Sub, Mul, Div, Neg: of two images where the network has such a node, else of an image and a constant.</summary>
internal sealed class ArithmeticConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Add", "Sub", "Mul", "Div", "Neg"];

    internal override void Convert(OnnxNode node, Conversion conversion) => conversion.Define(node, node.Operator switch
    {
        "Neg" => conversion.Append(node, new Scale(-1), conversion.Pixels(node, 0)),
        _ when node.Inputs.Count != 2 => throw node.Refuse("does not have two inputs", "export the model again"),
        _ => (conversion.Value(node, 0), conversion.Value(node, 1)) switch
        {
            (ImageValue left, ImageValue right) => OfImages(node, conversion, left, right),
            (ImageValue image, not (ViewValue or FlatValue)) => WithConstant(node, conversion, image, 1),
            (not (ViewValue or FlatValue), ImageValue image) => WithConstant(node, conversion, image, 0),
            (ViewValue or FlatValue, _) => conversion.Pixels(node, 0),
            (_, ViewValue or FlatValue) => conversion.Pixels(node, 1),
            _ => throw node.Refuse("neither input is an image or both depend on it in a way that is not supported", "export the model with a fixed size"),
        },
    });

    private static ImageValue OfImages(OnnxNode node, Conversion conversion, ImageValue left, ImageValue right)
    {
        if (left.Order != right.Order) throw node.Refuse($"its inputs have the axes {AxisOrder.Describe(left.Order)} and {AxisOrder.Describe(right.Order)}", "transpose one of them");
        Operator @operator = node.Operator switch
        {
            "Add" => new Add(),
            "Sub" => new Subtract(),
            "Mul" => new Multiply(),
            _ => throw node.Refuse($"{node.Operator} of two images is not supported", "the nearest that is: Add, Sub or Mul of two images, Div by a constant"),
        };
        return conversion.Append(node, @operator, Widen(node, conversion, left, right), Widen(node, conversion, right, left));
    }

    // One channel stands for all of them.
    private static ImageValue Widen(OnnxNode node, Conversion conversion, ImageValue image, ImageValue other) =>
        image.Shape.Channels == 1 && other.Shape.Channels > 1
            ? conversion.AppendNamed(node, node.Name + ".repeated", new SelectChannels(new int[other.Shape.Channels].ToEquatableArray()), image)
            : image;

    // Sub and Div may have the constant first: c - x is x * -1 + c; c / x has no node.
    private static ImageValue WithConstant(OnnxNode node, Conversion conversion, ImageValue image, int index)
    {
        float[] constant = ChannelConstant.Read(node, conversion, index, image);
        switch (node.Operator)
        {
            case "Add":
                return Shift(constant);
            case "Sub" when index == 1:
                return Shift(Array.ConvertAll(constant, c => -c));
            case "Sub":
                ImageValue negative = conversion.AppendNamed(node, node.Name + ".negative", new Scale(-1), image);
                return conversion.Append(node, new Affine(null, Weight(constant, "bias")), negative);
            case "Mul":
                return Multiply(constant);
            case "Div" when index == 1 && !constant.Contains(0):
                return Multiply(Array.ConvertAll(constant, c => 1 / c));
            default:
                throw node.Refuse(index == 0 ? "a constant is divided by an image" : "it divides by 0", "the nearest that is supported: Mul by a constant");
        }

        FloatTensor Weight(float[] values, string role) => conversion.Vector(node, conversion.WeightName(node, index, role), values);

        // Adding 0 and multiplying by 1 change nothing; exports of scripted code hold such nodes.
        ImageValue Shift(float[] values) => values.AsSpan().IndexOfAnyExcept(0f) < 0 ? image : conversion.Append(node, new Affine(null, Weight(values, "bias")), image);

        ImageValue Multiply(float[] values)
        {
            bool isUniform = values.AsSpan().IndexOfAnyExcept(values[0]) < 0 && float.IsFinite(values[0]);
            if (isUniform && values[0] == 1) return image;
            return conversion.Append(node, isUniform ? new Scale(values[0]) : new Affine(Weight(values, "scale"), null), image);
        }
    }
}

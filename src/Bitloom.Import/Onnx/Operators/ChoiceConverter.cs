using Bitloom.Compiler;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Softmax and ArgMax over channels.</summary>
internal sealed class ChoiceConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Softmax", "ArgMax"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        if (node.Operator == "Softmax") ConvertSoftmax(node, conversion, input);
        else ConvertArgMax(node, conversion, input);
    }

    // Up to operator set 12 the softmax is over all axes from the one named on; the others are then of one pixel.
    private static void ConvertSoftmax(OnnxNode node, Conversion conversion, ImageValue input)
    {
        bool isFlattened = conversion.Opset < 13;
        ImageAxis axis = Axis(node, input, node.Integer("axis", isFlattened ? 1 : -1));
        bool isPixel = input.Shape is { Height: Compiler.Graph.ConstantExtent { Value: 1 }, Width: Compiler.Graph.ConstantExtent { Value: 1 } };
        if (axis != ImageAxis.Channels || (isFlattened && input.Order[^1] != ImageAxis.Channels && !isPixel))
            throw node.Refuse("it is not over channels", "the nearest that is supported: Softmax over axis 1, from operator set 13");
        conversion.Define(node, conversion.Append(node, new Softmax(), input));
    }

    private static void ConvertArgMax(OnnxNode node, Conversion conversion, ImageValue input)
    {
        if (Axis(node, input, node.Integer("axis", 0)) != ImageAxis.Channels) throw node.Refuse("it is not over channels", "the nearest that is supported: ArgMax over axis 1");
        if (node.Integer("select_last_index", 0) != 0) throw node.Refuse("it takes the last of equals", "the nearest that is supported: select_last_index=0");
        ImageValue index = conversion.Append(node, new ArgMax(), input);
        bool keeps = node.Integer("keepdims", 1) != 0;
        conversion.Define(node, keeps ? index : index with { Order = input.Order.Where(a => a != ImageAxis.Channels).ToEquatableArray() });
    }

    private static ImageAxis Axis(OnnxNode node, ImageValue input, long axis) =>
        input.AxisOf(axis) ?? throw node.Refuse(FormattableString.Invariant($"its axis is {axis}"), FormattableString.Invariant($"it has {input.Order.Count} axes"));
}

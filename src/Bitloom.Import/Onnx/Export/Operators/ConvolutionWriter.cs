using Bitloom.Compiler;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Conv2d and BinaryConv2d as Conv; one-bit weights become +1 and -1, and ONNX pads with 0, which is what padded signs count.</summary>
internal sealed class ConvolutionWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(Conv2d), typeof(BinaryConv2d)];

    internal override void Write(NodeDraft draft)
    {
        if (draft.Node.Operator is BinaryConv2d binary)
        {
            draft.Result("Conv", [draft.Input(), draft.Constants.Signs(binary.Weight)], Form(binary.Weight.Shape, binary.Window, binary.Groups));
            return;
        }

        var convolution = (Conv2d)draft.Node.Operator;
        string[] bias = convolution.Bias is null ? [] : [draft.Constants.Vector(convolution.Bias)];
        draft.Result("Conv", [draft.Input(), draft.Constants.Weight(convolution.Weight), .. bias], Form(convolution.Weight.Shape, convolution.Window, convolution.Groups));
    }

    /// <summary>Attributes of a Conv.</summary>
    internal static AttributeProto[] Form(EquatableArray<int> weight, Window window, int groups) =>
        [.. WindowForm.Of(weight[2], weight[3], window), Attributes.Wholes("dilations", window.DilationY, window.DilationX), Attributes.Whole("group", groups)];
}

/// <summary>How a window is told in ONNX, for convolutions and pooling alike.</summary>
internal static class WindowForm
{
    /// <summary>Kernel, strides and pads. Dilation is left to the caller: not every operator has it.</summary>
    internal static AttributeProto[] Of(int rows, int columns, Window window) =>
    [
        Attributes.Wholes("kernel_shape", rows, columns),
        Attributes.Wholes("strides", window.StrideY, window.StrideX),
        Attributes.Wholes("pads", window.PadTop, window.PadLeft, window.PadBottom, window.PadRight),
    ];
}

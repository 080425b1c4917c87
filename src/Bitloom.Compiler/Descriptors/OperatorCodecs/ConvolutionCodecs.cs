using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Convolutions: <c>weight</c>, window and <c>groups</c>; a full-precision one may have a <c>bias</c>.</summary>
internal static class ConvolutionCodecs
{
    public static OperatorCodec BinaryConv2d { get; } = OperatorCodec.Of<BinaryConv2d>(
        node => new(node.BitKernel("weight"), node.Window(), node.Integer("groups", 1, DescriptorLimits.Channels, 1)),
        [
            OperatorProperty<BinaryConv2d>.Bits("weight", o => o.Weight),
            .. OperatorProperty<BinaryConv2d>.Window(o => o.Window),
            OperatorProperty<BinaryConv2d>.Integer("groups", "1", o => o.Groups),
        ]);

    public static OperatorCodec Conv2d { get; } = OperatorCodec.Of<Conv2d>(
        node => new(node.FloatKernel("weight"), node.OptionalFloat("bias"), node.Window(), node.Integer("groups", 1, DescriptorLimits.Channels, 1)),
        [
            OperatorProperty<Conv2d>.Float("weight", o => o.Weight),
            OperatorProperty<Conv2d>.OptionalFloat("bias", o => o.Bias),
            .. OperatorProperty<Conv2d>.Window(o => o.Window),
            OperatorProperty<Conv2d>.Integer("groups", "1", o => o.Groups),
        ]);
}

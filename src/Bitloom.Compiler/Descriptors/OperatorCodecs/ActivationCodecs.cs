using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Activation functions.</summary>
internal static class ActivationCodecs
{
    public static OperatorCodec Relu { get; } = OperatorCodec.Of<Relu>(_ => new());

    public static OperatorCodec LeakyRelu { get; } = OperatorCodec.Of<LeakyRelu>(
        node => new(node.Real("slope")),
        OperatorProperty<LeakyRelu>.Real("slope", null, o => o.Slope));

    public static OperatorCodec PRelu { get; } = OperatorCodec.Of<PRelu>(
        node => new(node.Float("slope")),
        OperatorProperty<PRelu>.Float("slope", o => o.Slope));

    public static OperatorCodec RPRelu { get; } = OperatorCodec.Of<RPRelu>(
        node => new(node.Float("shift"), node.Float("slope"), node.Float("offset")),
        OperatorProperty<RPRelu>.Float("shift", o => o.Shift),
        OperatorProperty<RPRelu>.Float("slope", o => o.Slope),
        OperatorProperty<RPRelu>.Float("offset", o => o.Offset));

    public static OperatorCodec Clip { get; } = OperatorCodec.Of<Clip>(
        node => new(node.Real("least"), node.Real("most")),
        OperatorProperty<Clip>.Real("least", null, o => o.Least),
        OperatorProperty<Clip>.Real("most", null, o => o.Most));

    public static OperatorCodec Gelu { get; } = OperatorCodec.Of<Gelu>(_ => new());

    public static OperatorCodec HardSigmoid { get; } = OperatorCodec.Of<HardSigmoid>(
        node => new(node.Real("scale"), node.Real("bias")),
        OperatorProperty<HardSigmoid>.Real("scale", null, o => o.Scale),
        OperatorProperty<HardSigmoid>.Real("bias", null, o => o.Bias));

    public static OperatorCodec HardSwish { get; } = OperatorCodec.Of<HardSwish>(_ => new());

    public static OperatorCodec Sigmoid { get; } = OperatorCodec.Of<Sigmoid>(_ => new());
}

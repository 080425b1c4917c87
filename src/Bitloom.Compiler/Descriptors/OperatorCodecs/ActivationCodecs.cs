using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>The rectifiers.</summary>
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
}

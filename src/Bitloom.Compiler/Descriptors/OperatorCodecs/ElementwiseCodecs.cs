using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Operators that work on each value alone: arithmetic, normalisation, sign.</summary>
internal static class ElementwiseCodecs
{
    public static OperatorCodec Add { get; } = OperatorCodec.Of<Add>(_ => new());

    public static OperatorCodec Subtract { get; } = OperatorCodec.Of<Subtract>(_ => new());

    public static OperatorCodec Multiply { get; } = OperatorCodec.Of<Multiply>(_ => new());

    public static OperatorCodec Sign { get; } = OperatorCodec.Of<Sign>(_ => new());

    public static OperatorCodec Scale { get; } = OperatorCodec.Of<Scale>(
        node => new(node.Real("factor")),
        OperatorProperty<Scale>.Real("factor", null, o => o.Factor));

    public static OperatorCodec Affine { get; } = OperatorCodec.Of<Affine>(
        node => new(node.OptionalFloat("scale"), node.OptionalFloat("bias")),
        OperatorProperty<Affine>.OptionalFloat("scale", o => o.Scale),
        OperatorProperty<Affine>.OptionalFloat("bias", o => o.Bias));

    public static OperatorCodec BatchNorm { get; } = OperatorCodec.Of<BatchNorm>(
        node => new(node.Float("gamma"), node.Float("beta"), node.Float("mean"), node.Float("variance"), node.Real("epsilon")),
        OperatorProperty<BatchNorm>.Float("gamma", o => o.Gamma),
        OperatorProperty<BatchNorm>.Float("beta", o => o.Beta),
        OperatorProperty<BatchNorm>.Float("mean", o => o.Mean),
        OperatorProperty<BatchNorm>.Float("variance", o => o.Variance),
        OperatorProperty<BatchNorm>.Real("epsilon", null, o => o.Epsilon));

    public static OperatorCodec LayerNorm { get; } = OperatorCodec.Of<LayerNorm>(
        node => new(node.Float("gamma"), node.Float("beta"), node.Real("epsilon")),
        OperatorProperty<LayerNorm>.Float("gamma", o => o.Gamma),
        OperatorProperty<LayerNorm>.Float("beta", o => o.Beta),
        OperatorProperty<LayerNorm>.Real("epsilon", null, o => o.Epsilon));
}

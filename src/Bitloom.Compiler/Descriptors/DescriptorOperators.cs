using Bitloom.Compiler.Descriptors.OperatorCodecs;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors;

/// <summary>An operator that descriptors may use.</summary>
/// <param name="Kind">The value of <c>op</c>.</param>
/// <param name="Properties">Its properties besides name, op and inputs.</param>
public sealed record DescriptorOperator(string Kind, EquatableArray<OperatorProperty> Properties);

/// <summary>The table of operators. A new operator adds its codec here, and nothing else in this folder changes.</summary>
public static class DescriptorOperators
{
    /// <summary>Every supported operator, by name.</summary>
    public static IReadOnlyList<DescriptorOperator> All { get; } =
        [.. Codecs.Select(c => new DescriptorOperator(c.Kind, c.Properties.ToEquatableArray()))];

    private static Dictionary<string, OperatorCodec> ByKind { get; } = Codecs.ToDictionary(c => c.Kind, StringComparer.Ordinal);

    private static IEnumerable<OperatorCodec> Codecs =>
    [
        ActivationCodecs.Clip, ActivationCodecs.Gelu, ActivationCodecs.HardSigmoid, ActivationCodecs.HardSwish, ActivationCodecs.LeakyRelu,
        ActivationCodecs.PRelu, ActivationCodecs.Relu, ActivationCodecs.RPRelu, ActivationCodecs.Sigmoid,
        BorderCodecs.Crop, BorderCodecs.CropLike, BorderCodecs.Pad, BorderCodecs.PadToMultiple, BorderCodecs.Shift,
        ChoiceCodecs.ArgMax, ChoiceCodecs.Gate, ChoiceCodecs.Softmax,
        ConvolutionCodecs.BinaryConv2d, ConvolutionCodecs.Conv2d,
        ElementwiseCodecs.Add, ElementwiseCodecs.Affine, ElementwiseCodecs.BatchNorm, ElementwiseCodecs.LayerNorm, ElementwiseCodecs.Multiply,
        ElementwiseCodecs.Scale, ElementwiseCodecs.Sign, ElementwiseCodecs.Subtract,
        PoolingCodecs.AveragePool, PoolingCodecs.GlobalAveragePool, PoolingCodecs.MaxPool,
        RearrangementCodecs.Concat, RearrangementCodecs.PixelShuffle, RearrangementCodecs.Resize, RearrangementCodecs.ResizeBilinear,
        RearrangementCodecs.ResizeNearest, RearrangementCodecs.SelectChannels,
    ];

    internal static OperatorCodec? Find(string kind) => ByKind.TryGetValue(kind, out OperatorCodec codec) ? codec : null;

    /// <exception cref="ArgumentException">Descriptors cannot hold the operator: it belongs to a later stage.</exception>
    internal static OperatorCodec Of(Operator @operator) => Find(@operator.Kind)
        ?? throw new ArgumentException($"the operator '{@operator.Kind}' has no form in a descriptor", nameof(@operator));
}

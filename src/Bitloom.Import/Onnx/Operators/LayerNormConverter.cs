using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// LayerNormalization of operator set 17, and ChannelNormalization, which is not ONNX's but made by
/// <see cref="Passes.FuseLayerNormPass"/> from the nodes that earlier exports spell it with: without weights, over the axes named.
/// Both must be over the channels of each pixel.
/// </summary>
internal sealed class LayerNormConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["LayerNormalization", Passes.FuseLayerNormPass.Operator];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        int rank = input.Order.Count, first = GridSizes.Axis(node.Integer("axis", -1), rank);
        int[] axes = node.Integers("axes")?.Select(a => GridSizes.Axis(a, rank)).ToArray() ?? (first < 0 ? [] : [.. Enumerable.Range(first, rank - first)]);
        if (node.Outputs.Skip(1).Any(o => o.Length > 0)) throw node.Refuse("its mean or deviation is read", "export without it");
        if (axes is not [>= 0 and var only] || input.Order[only] != ImageAxis.Channels)
            throw node.Refuse($"it is not over channels; its input has the axes {AxisOrder.Describe(input.Order)}", "the nearest that is supported: LayerNorm over the channels of each pixel");
        FloatTensor gamma = Weight(node, conversion, 1, "gamma", 1, input), beta = Weight(node, conversion, 2, "beta", 0, input);
        conversion.Define(node, conversion.Append(node, new LayerNorm(gamma, beta, NormalizationConverter.ReadEpsilon(node)), input));
    }

    private static FloatTensor Weight(OnnxNode node, Conversion conversion, int index, string role, float absent, ImageValue input) => node.Input(index) is null
        ? conversion.Vector(node, $"{node.Name}.{role}", [.. Enumerable.Repeat(absent, input.Shape.Channels)])
        : conversion.Vector(node, conversion.WeightName(node, index, role), ChannelConstant.Read(node, conversion, index, input));
}

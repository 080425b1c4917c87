using Bitloom.Compiler.Descriptors;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Conv in two dimensions: binary, a shift, or full precision; see <see cref="ConvolutionNodes"/>.</summary>
internal sealed class ConvolutionConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Conv"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        Grid<float> weight = conversion.Constant(node, 1);
        if (weight.Rank != 4 || weight.Items.Length == 0) throw node.Refuse(FormattableString.Invariant($"its weight has the sizes [{string.Join(", ", weight.Dims)}]"), "only two-dimensional convolutions are supported");
        if (node.Integers("kernel_shape") is { } kernel && !kernel.SequenceEqual([weight.Dims[2], weight.Dims[3]]))
            throw node.Refuse($"kernel_shape is [{string.Join(", ", kernel)}], but the weight's kernel is {weight.Dims[2]} x {weight.Dims[3]}", "export the model again");
        int groups = WindowAttributes.Bounded(node, node.Integer("group", 1), 1, DescriptorLimits.Channels, "group");
        float[]? bias = node.Input(2) is null ? null : conversion.Constant(node, 2).Items;
        if (bias is not null && bias.Length != weight.Dims[0]) throw node.Refuse(FormattableString.Invariant($"its bias holds {bias.Length} values for {weight.Dims[0]} output channels"), "export the model again");
        var nodes = new ConvolutionNodes(
            node, weight, conversion.WeightName(node, 1, "weight"), bias, conversion.WeightName(node, 2, "bias"), WindowAttributes.Read(node), groups);
        conversion.Define(node, nodes.Append(conversion, input));
    }
}

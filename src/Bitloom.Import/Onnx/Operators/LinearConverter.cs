using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Gemm and MatMul with constant weights: Linear layers. Over the channels of each pixel they are 1 x 1 convolutions; over a flattened
/// image, unpadded convolutions with a kernel of the image's size.
/// </summary>
internal sealed class LinearConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Gemm", "MatMul"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        (Grid<float> weight, float[]? bias) = ReadWeights(node, conversion);
        OnnxValue? input = conversion.Value(node, 0);
        if (input is FlatValue flat)
        {
            Compiler.Graph.TensorShape shape = flat.Source.Shape;
            if (weight.Dims[1] != flat.Count) throw Mismatch(node, weight, flat.Count);
            int[] dims = [weight.Dims[0], shape.Channels, ((ConstantExtent)shape.Height).Value, ((ConstantExtent)shape.Width).Value];
            ImageValue sums = Nodes(node, conversion, new Grid<float>(dims, Reorder(weight, flat, dims)), bias).Append(conversion, flat.Source);
            conversion.Define(node, sums with { Order = AxisOrder.Vector });
            return;
        }

        ImageValue image = conversion.Pixels(node, 0);
        if (image.Order[^1] != ImageAxis.Channels || (node.Operator == "Gemm" && image.Order.Count != 2)) throw node.Refuse($"its input has the axes {AxisOrder.Describe(image.Order)}", "channels must be the last axis");
        if (weight.Dims[1] != image.Shape.Channels) throw Mismatch(node, weight, image.Shape.Channels);
        conversion.Define(node, Nodes(node, conversion, weight.WithDims([.. weight.Dims, 1, 1]), bias).Append(conversion, image));
    }

    private static ConvolutionNodes Nodes(OnnxNode node, Conversion conversion, Grid<float> weight, float[]? bias) =>
        new(node, weight, conversion.WeightName(node, 1, "weight"), bias, conversion.WeightName(node, 2, "bias"), new Window(), 1);

    // Weights as outputs x inputs, whatever way they are stored.
    private static (Grid<float> Weight, float[]? Bias) ReadWeights(OnnxNode node, Conversion conversion)
    {
        Grid<float> stored = conversion.Constant(node, 1);
        if (stored.Rank != 2 || stored.Items.Length == 0) throw node.Refuse(FormattableString.Invariant($"its weight has the sizes [{string.Join(", ", stored.Dims)}]"), "only products with a constant matrix are supported");
        if (node.Integer("transA", 0) != 0) throw node.Refuse("it transposes its input", "export without transA");
        bool isGemm = node.Operator == "Gemm", isTransposed = isGemm && node.Integer("transB", 0) != 0;
        (int inputs, int outputs) = isTransposed ? (stored.Dims[1], stored.Dims[0]) : (stored.Dims[0], stored.Dims[1]);
        float alpha = isGemm ? node.Real("alpha", 1) : 1, beta = isGemm ? node.Real("beta", 1) : 1;
        Grid<float> weight = isTransposed ? stored : stored.Pick([outputs, inputs], at => (at[1] * outputs) + at[0]);
        if (alpha != 1) weight = weight.Map(w => w * alpha);
        if (!isGemm || node.Input(2) is null) return (weight, null);
        Grid<float> bias = conversion.Constant(node, 2);
        if (bias.Items.Length != 1 && (bias.Items.Length != outputs || bias.Dims[^1] != outputs)) throw node.Refuse(FormattableString.Invariant($"its bias has the sizes [{string.Join(", ", bias.Dims)}] for {outputs} outputs"), "give one value an output");
        return (weight, [.. Enumerable.Range(0, outputs).Select(o => bias.Items[bias.Items.Length == 1 ? 0 : o] * beta)]);
    }

    // A flat input counts its items in the order of its axes; a kernel is channels x height x width.
    private static float[] Reorder(Grid<float> weight, FlatValue flat, int[] dims)
    {
        if (flat.Source.Order.Where(a => a != ImageAxis.Batch) is var axes && axes.SequenceEqual(axes.Order())) return weight.Items;
        ImageAxis[] order = [.. axes];
        int[] sizes = [.. order.Select(a => dims[(int)a])], strides = GridSizes.Strides(sizes);
        return weight.Pick(dims, at => (at[0] * weight.Dims[1]) + order.Select((axis, i) => at[(int)axis] * strides[i]).Sum()).Items;
    }

    private static ImportException Mismatch(OnnxNode node, Grid<float> weight, int count) =>
        node.Refuse(FormattableString.Invariant($"its weight reads {weight.Dims[1]} values, but there are {count}"), "export the model again");
}

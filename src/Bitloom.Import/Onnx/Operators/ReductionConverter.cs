using Bitloom.Compiler;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>ReduceMean over height and width, which <c>x.mean((2, 3))</c> exports: a global average.</summary>
internal sealed class ReductionConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["ReduceMean"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        OnnxValue?[] inputs = [.. node.Inputs.Select((_, i) => conversion.Value(node, i))];
        int[] axes = Reduction.AxesOf(node, inputs, input.Order.Count) ?? throw node.Refuse("its axes are not constant or not there", "name the axes");
        bool isGlobal = axes.Length == 2 && axes.Select(a => input.Order[a]).Order().SequenceEqual([ImageAxis.Height, ImageAxis.Width]);
        if (!isGlobal) throw node.Refuse("it takes the mean over other axes than height and width", "the nearest that are supported: the mean over both height and width, LayerNormalization");
        ImageValue mean = conversion.Append(node, new GlobalAveragePool(), input);
        conversion.Define(node, node.Integer("keepdims", 1) != 0 ? mean : mean with { Order = input.Order.Where((_, i) => !axes.Contains(i)).ToEquatableArray() });
    }
}

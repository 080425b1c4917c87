using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>BatchNormalization at inference.</summary>
internal sealed class NormalizationConverter : OperatorConverter
{
    /// <summary>ONNX's own, of every normalisation.</summary>
    internal const float DefaultEpsilon = 1e-5f;

    private static readonly string[] Roles = ["gamma", "beta", "mean", "variance"];

    internal override IReadOnlyList<string> Operators => ["BatchNormalization"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        if (node.Integer("training_mode", 0) != 0 || node.Outputs.Skip(1).Any(o => o.Length > 0)) throw node.Refuse("it is in training mode", "call eval() before the export");
        ImageValue input = conversion.Pixels(node, 0);
        if (input.AxisOf(1) != ImageAxis.Channels) throw node.Refuse($"its input has the axes {AxisOrder.Describe(input.Order)}", "transpose it to batch, channels, height, width");
        FloatTensor[] weights = [.. Enumerable.Range(1, 4).Select(i => conversion.Vector(node, conversion.WeightName(node, i, Roles[i - 1]), conversion.Constant(node, i).Items))];
        if (weights[3].Values.Any(v => v < 0)) throw node.Refuse("it has a negative variance", "check the training or the export");
        conversion.Define(node, conversion.Append(node, new BatchNorm(weights[0], weights[1], weights[2], weights[3], ReadEpsilon(node)), input));
    }

    internal static float ReadEpsilon(OnnxNode node)
    {
        float epsilon = node.Real("epsilon", DefaultEpsilon);
        return epsilon >= 0 && float.IsFinite(epsilon) ? epsilon : throw node.Refuse("its epsilon is not a number from 0", "check the export");
    }
}

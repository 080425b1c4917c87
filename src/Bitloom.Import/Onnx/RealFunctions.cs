namespace Bitloom.Import.Onnx;

/// <summary>Functions of one real constant, item by item.</summary>
internal static class RealFunctions
{
    internal static FloatValue? TryEvaluate(OnnxNode node, Grid<float> x, OnnxValue?[] inputs)
    {
        Func<float, float>? function = node.Operator switch
        {
            "Abs" => MathF.Abs,
            "Neg" => v => -v,

            // ONNX's own keeps 0, so that convolutions see which weights are neither +s nor -s.
            "Sign" when node.Integer(Passes.FuseSignPass.AtZero, 0) is var zero => v => v > 0 ? 1 : v < 0 ? -1 : zero,
            "Sqrt" => MathF.Sqrt,
            "Exp" => MathF.Exp,
            "Log" => MathF.Log,
            "Reciprocal" => v => 1 / v,
            "Sigmoid" => v => 1 / (1 + MathF.Exp(-v)),
            "Tanh" => MathF.Tanh,
            "Floor" => MathF.Floor,
            "Ceil" => MathF.Ceiling,
            "Relu" => v => Math.Max(v, 0),
            "Clip" => Clip(node, inputs),
            _ => null,
        };
        return function is null ? null : new FloatValue(x.Map(function));
    }

    private static Func<float, float>? Clip(OnnxNode node, OnnxValue?[] inputs)
    {
        if (Bound(node, inputs, 1, "min", float.NegativeInfinity) is not { } least || Bound(node, inputs, 2, "max", float.PositiveInfinity) is not { } most) return null;
        return v => Math.Min(Math.Max(v, least), most);
    }

    // Bounds are attributes up to operator set 10 and inputs after.
    private static float? Bound(OnnxNode node, OnnxValue?[] inputs, int index, string attribute, float absent)
    {
        if (index >= inputs.Length || inputs[index] is not { } given) return node.Real(attribute, absent);
        return ConstantEvaluator.ToReal(given)?.Grid.Items is [var bound] ? bound : null;
    }
}

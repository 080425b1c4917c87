using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Computes operators over constants and over whole numbers that depend on the image's size. Answers null where an operator, or a
/// combination of operands, cannot be computed before the image is known.
/// </summary>
internal static class ConstantEvaluator
{
    /// <summary>One whole number.</summary>
    internal static IntegerValue Scalar(long value) => new(new Grid<Extent>([], [Number(value)]));

    /// <summary>A vector of whole numbers.</summary>
    internal static IntegerValue Vector(IEnumerable<long> values) => IntegerValue.Vector(values.Select(Number));

    /// <summary>The result of a node whose inputs are all known.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs; null for one left out.</param>
    /// <param name="opset">Tells where axes are given.</param>
    internal static OnnxValue? TryEvaluate(OnnxNode node, OnnxValue?[] inputs, int opset)
    {
        if (node.Domain.Length > 0 || inputs.Any(i => i is ImageValue or ViewValue)) return null;
        if (inputs.Length == 0) return null;
        return node.Operator switch
        {
            "Cast" => Cast(node, inputs[0]),
            "Mod" when node.Integer("fmod", 0) != 0 => null,
            "Add" or "Sub" or "Mul" or "Div" or "Mod" or "Pow" or "Min" or "Max" or "Equal" or "Greater" or "Less" or "GreaterOrEqual" or "LessOrEqual" or "And" or "Or" =>
                inputs.Length == 2 ? Binary(node.Operator, inputs[0], inputs[1]) : null,
            "Where" => inputs.Length == 3 ? Where(inputs[0], inputs[1], inputs[2]) : null,
            "Range" => inputs.Length == 3 ? Range(inputs) : null,
            "ConstantOfShape" => ConstantOfShape(node, inputs[0]),
            "ReduceMean" or "ReduceSum" or "ReduceMax" when inputs[0] is FloatValue real => Reduction.Reduce(node, real.Grid, inputs),
            "ReduceProd" when inputs[0] is IntegerValue { IsConstant: true } whole => Reduction.Product(node, whole.Grid),
            "Size" => SizeOf(inputs[0]),
            _ => inputs[0] switch
            {
                FloatValue real => RealFunctions.TryEvaluate(node, real.Grid, inputs) ?? Movement.TryMove(node, real.Grid, g => new FloatValue(g), g => (g as FloatValue)?.Grid, inputs, opset),
                IntegerValue whole when node.Operator is "Floor" or "Ceil" or "Round" => whole,
                IntegerValue whole when node.Operator == "Neg" => Binary("Mul", whole, Scalar(-1)),
                IntegerValue whole when node.Operator == "Not" => Binary("Equal", whole, Scalar(0)),
                IntegerValue whole => Movement.TryMove(node, whole.Grid, g => new IntegerValue(g, whole.IsReal), g => (g as IntegerValue)?.Grid, inputs, opset),
                _ => null,
            },
        };
    }

    /// <summary>Constant whole numbers as real ones.</summary>
    internal static FloatValue? ToReal(OnnxValue? value) => value switch
    {
        FloatValue real => real,
        IntegerValue { IsConstant: true } whole => new FloatValue(whole.Grid.Map(e => (float)((ConstantExtent)e).Value)),
        _ => null,
    };

    /// <summary>Whole numbers, also those that are stored as real ones.</summary>
    internal static IntegerValue? ToWhole(OnnxValue? value) => value switch
    {
        IntegerValue whole => whole,
        FloatValue real when Array.TrueForAll(real.Grid.Items, v => v == MathF.Floor(v) && MathF.Abs(v) < 1e9f) => new IntegerValue(real.Grid.Map(v => Extent.Constant((int)v)), IsReal: true),
        _ => null,
    };

    private static Extent Number(long value) => Extent.Constant((int)Math.Clamp(value, int.MinValue, int.MaxValue));

    // Data types 1, 10, 11 and 16 are floating.
    private static OnnxValue? Cast(OnnxNode node, OnnxValue? value)
    {
        bool toReal = node.Integer("to", 0) is 1 or 10 or 11 or 16;
        return value switch
        {
            IntegerValue whole when toReal => whole.IsConstant ? ToReal(whole) : whole with { IsReal = true },
            IntegerValue whole => whole with { IsReal = false },
            FloatValue real when !toReal && Array.TrueForAll(real.Grid.Items, float.IsFinite) => new IntegerValue(real.Grid.Map(v => Number((long)v))),
            FloatValue real when toReal => real,
            _ => null,
        };
    }

    private static OnnxValue? Binary(string @operator, OnnxValue? left, OnnxValue? right)
    {
        if (left is IntegerValue && right is IntegerValue || left is IntegerValue { IsConstant: false } || right is IntegerValue { IsConstant: false })
            return ToWhole(left) is { } a && ToWhole(right) is { } b ? Whole(@operator, a, b) : null;
        if (ToReal(left)?.Grid is not { } x || ToReal(right)?.Grid is not { } y || GridSizes.Broadcast(x.Dims, y.Dims) is not { } dims) return null;
        Func<float, float, float>? function = @operator switch
        {
            "Add" => (p, q) => p + q,
            "Sub" => (p, q) => p - q,
            "Mul" => (p, q) => p * q,
            "Div" => (p, q) => p / q,
            "Pow" => MathF.Pow,
            "Min" => MathF.Min,
            "Max" => MathF.Max,
            _ => null,
        };
        if (function is null) return Comparison(@operator) is { } holds ? Compare(holds, x.BroadcastTo(dims), y.BroadcastTo(dims)) : null;
        float[] first = x.BroadcastTo(dims).Items, second = y.BroadcastTo(dims).Items, result = new float[first.Length];
        for (int i = 0; i < result.Length; i++) result[i] = function(first[i], second[i]);
        return new FloatValue(new Grid<float>(dims, result));
    }

    private static Func<float, float, bool>? Comparison(string @operator) => @operator switch
    {
        "Equal" => (p, q) => p == q,
        "Greater" => (p, q) => p > q,
        "Less" => (p, q) => p < q,
        "GreaterOrEqual" => (p, q) => p >= q,
        "LessOrEqual" => (p, q) => p <= q,
        _ => null,
    };

    private static IntegerValue Compare(Func<float, float, bool> holds, Grid<float> x, Grid<float> y) =>
        new(new Grid<Extent>(x.Dims, [.. x.Items.Zip(y.Items, (p, q) => Number(holds(p, q) ? 1 : 0))]));

    private static IntegerValue? SizeOf(OnnxValue? value) => value switch
    {
        FloatValue real => Scalar(real.Grid.Items.Length),
        IntegerValue whole => Scalar(whole.Grid.Items.Length),
        _ => null,
    };

    private static IntegerValue? Whole(string @operator, IntegerValue left, IntegerValue right)
    {
        if (GridSizes.Broadcast(left.Grid.Dims, right.Grid.Dims) is not { } dims) return null;
        bool isReal = @operator is "Add" or "Sub" or "Mul" or "Div" or "Mod" or "Min" or "Max" && (left.IsReal || right.IsReal);
        Extent[] a = left.Grid.BroadcastTo(dims).Items, b = right.Grid.BroadcastTo(dims).Items;
        var result = new Extent[a.Length];
        for (int i = 0; i < result.Length; i++)
        {
            if (ExtentArithmetic.Compute(@operator, a[i], b[i], isReal) is not { } item) return null;
            result[i] = item;
        }

        return new IntegerValue(new Grid<Extent>(dims, result), isReal);
    }

    private static OnnxValue? Where(OnnxValue? condition, OnnxValue? whenTrue, OnnxValue? whenFalse)
    {
        if (condition is not IntegerValue { IsConstant: true } test) return null;
        if (ToReal(whenTrue)?.Grid is { } x && ToReal(whenFalse)?.Grid is { } y && (whenTrue is FloatValue || whenFalse is FloatValue)) return Choose(test.Grid, x, y);
        if (ToWhole(whenTrue)?.Grid is not { } yes || ToWhole(whenFalse)?.Grid is not { } no) return null;
        if (GridSizes.Broadcast(yes.Dims, no.Dims) is not { } both || GridSizes.Broadcast(both, test.Grid.Dims) is not { } dims) return null;
        Extent[] c = test.Grid.BroadcastTo(dims).Items, a = yes.BroadcastTo(dims).Items, b = no.BroadcastTo(dims).Items;
        return new IntegerValue(new Grid<Extent>(dims, [.. c.Select((t, i) => t == Extent.Constant(0) ? b[i] : a[i])]));
    }

    private static FloatValue? Choose(Grid<Extent> test, Grid<float> yes, Grid<float> no)
    {
        if (GridSizes.Broadcast(yes.Dims, no.Dims) is not { } both || GridSizes.Broadcast(both, test.Dims) is not { } dims) return null;
        Extent[] c = test.BroadcastTo(dims).Items;
        float[] a = yes.BroadcastTo(dims).Items, b = no.BroadcastTo(dims).Items;
        return new FloatValue(new Grid<float>(dims, [.. c.Select((t, i) => t == Extent.Constant(0) ? b[i] : a[i])]));
    }

    private static IntegerValue? Range(OnnxValue?[] inputs)
    {
        int?[] numbers = [.. inputs.Select(i => ToWhole(i)?.Grid.Items is [ConstantExtent one] ? (int?)one.Value : null)];
        if (numbers is not [int start, int limit, int step] || step == 0) return null;
        long count = Math.Max(0, (long)Math.Ceiling(((double)limit - start) / step));
        return count > GridSizes.MostGrown ? null : Vector(Enumerable.Range(0, (int)count).Select(i => start + ((long)i * step)));
    }

    private static OnnxValue? ConstantOfShape(OnnxNode node, OnnxValue? shape)
    {
        if (Movement.Sizes(shape) is not { } dims || dims.Aggregate(1L, (n, d) => d < 0 || n > int.MaxValue ? long.MaxValue / 2 : n * Math.Max(d, 1)) > GridSizes.MostGrown) return null;
        OnnxValue? value = node.Attributes.TryGetValue("value", out OnnxAttribute? attribute) ? attribute.Tensor : null;
        return value switch
        {
            IntegerValue { Grid.Items: [var item] } => new IntegerValue(new Grid<Extent>([1], [item]).WithDims([.. dims.Select(_ => 1)]).BroadcastTo(dims)),
            FloatValue { Grid.Items: [var item] } => new FloatValue(new Grid<float>([.. dims.Select(_ => 1)], [item]).BroadcastTo(dims)),
            null => new FloatValue(new Grid<float>(dims, new float[GridSizes.Count(dims)])),
            _ => null,
        };
    }
}

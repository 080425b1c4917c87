using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>Reductions of constants over axes.</summary>
internal static class Reduction
{
    /// <summary>
    /// Mean, sum or maximum, or null where axes do not fit. Summed in double, so that the scale of binary weights is the correctly rounded
    /// mean whatever order the exporter summed in.
    /// </summary>
    internal static FloatValue? Reduce(OnnxNode node, Grid<float> grid, OnnxValue?[] inputs)
    {
        if (AxesOf(node, inputs, grid.Rank) is not { } axes) return null;
        int[] kept = [.. grid.Dims.Select((d, axis) => axes.Contains(axis) ? 1 : d)], strides = GridSizes.Strides(kept);
        int count = GridSizes.Count(kept);
        if (count == 0 || grid.Items.Length == 0) return null;
        bool isMaximum = node.Operator == "ReduceMax";
        var totals = new double[count];
        if (isMaximum) Array.Fill(totals, double.NegativeInfinity);
        var at = new int[grid.Rank];
        foreach (float item in grid.Items)
        {
            int index = 0;
            for (int axis = 0; axis < at.Length; axis++) index += kept[axis] == 1 ? 0 : at[axis] * strides[axis];
            totals[index] = isMaximum ? Math.Max(totals[index], item) : totals[index] + item;
            for (int axis = at.Length - 1; axis >= 0 && ++at[axis] == grid.Dims[axis]; axis--) at[axis] = 0;
        }

        int[] dims = node.Integer("keepdims", 1) != 0 ? kept : [.. kept.Where((_, axis) => !axes.Contains(axis))];
        int each = node.Operator == "ReduceMean" ? grid.Items.Length / count : 1;
        return new FloatValue(new Grid<float>(dims, [.. totals.Select(t => (float)(t / each))]));
    }

    /// <summary>The product of all items: how exporters count what a shape holds. Null where it is not within 32 bits.</summary>
    internal static IntegerValue? Product(OnnxNode node, Grid<Extent> grid)
    {
        // Over a vector's only axis; other products of whole numbers are no counts.
        if (grid.Rank > 1) return null;
        long product = 1;
        foreach (Extent item in grid.Items)
        {
            product *= ((ConstantExtent)item).Value;
            if (product is > int.MaxValue or < int.MinValue) return null;
        }

        return node.Integer("keepdims", 1) != 0 && grid.Rank == 1 ? ConstantEvaluator.Vector([product]) : ConstantEvaluator.Scalar(product);
    }

    /// <summary>The axes that a reduction names, as an attribute or an input, or all; null where they do not fit.</summary>
    internal static int[]? AxesOf(OnnxNode node, OnnxValue?[] inputs, int rank)
    {
        IEnumerable<long>? given = node.Integers("axes");
        if (given is null && inputs.Length > 1 && inputs[1] is not null)
        {
            if (Movement.Sizes(inputs[1]) is not { } sizes) return null;
            given = sizes.Select(a => (long)a);
        }

        int[] axes = [.. (given ?? Enumerable.Range(0, rank).Select(a => (long)a)).Select(a => GridSizes.Axis(a, rank))];
        return axes.Contains(-1) ? null : axes;
    }
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>Operators that move items of constants and change none, the same for real and whole numbers.</summary>
internal static class Movement
{
    /// <summary>The constant whole numbers of a vector or scalar, or null.</summary>
    internal static int[]? Sizes(OnnxValue? value) =>
        ConstantEvaluator.ToWhole(value) is { IsConstant: true, Grid.Rank: <= 1 } whole ? [.. whole.Grid.Items.Select(e => ((ConstantExtent)e).Value)] : null;

    /// <summary>The result, or null where the operator moves nothing or its operands are not known.</summary>
    internal static OnnxValue? TryMove<T>(OnnxNode node, Grid<T> grid, Func<Grid<T>, OnnxValue> wrap, Func<OnnxValue?, Grid<T>?> unwrap, OnnxValue?[] inputs, int opset)
    {
        Grid<T>? moved = node.Operator switch
        {
            "Identity" => grid,
            "Gather" => Gather(node, grid, Second(inputs)),
            "Slice" => Slice(node, grid, inputs),
            "Concat" => Concat(node, [.. inputs.Select(unwrap)]),
            "Unsqueeze" => Unsqueeze(grid, Axes(node, inputs, opset)),
            "Squeeze" => Squeeze(grid, Axes(node, inputs, opset)),
            "Reshape" => Reshape(grid, Sizes(Second(inputs))),
            "Expand" => Expand(grid, Sizes(Second(inputs))),
            "Transpose" => Transpose(grid, node.Integers("perm")),
            _ => null,
        };
        if (node.Operator == "Shape") return ConstantEvaluator.Vector(grid.Dims.Select(d => (long)d));
        return moved is null ? null : wrap(moved);
    }

    private static OnnxValue? Second(OnnxValue?[] inputs) => inputs.Length > 1 ? inputs[1] : null;

    // Axes are an attribute up to operator set 12 and an input after.
    private static int[]? Axes(OnnxNode node, OnnxValue?[] inputs, int opset) =>
        opset < 13 || node.Attributes.ContainsKey("axes") ? node.Integers("axes")?.Select(a => (int)Math.Clamp(a, int.MinValue, int.MaxValue)).ToArray() : Sizes(Second(inputs));

    private static Grid<T>? Gather<T>(OnnxNode node, Grid<T> grid, OnnxValue? indices)
    {
        int axis = GridSizes.Axis(node.Integer("axis", 0), grid.Rank);
        if (axis < 0 || indices is not IntegerValue { IsConstant: true } chosen) return null;
        int[] at = [.. chosen.Grid.Items.Select(e => ((ConstantExtent)e).Value).Select(i => i < 0 ? i + grid.Dims[axis] : i)];
        if (at.Any(i => i < 0 || i >= grid.Dims[axis])) return null;
        int[] dims = [.. grid.Dims[..axis], .. chosen.Grid.Dims, .. grid.Dims[(axis + 1)..]], strides = GridSizes.Strides(grid.Dims), inner = GridSizes.Strides(chosen.Grid.Dims);
        if (dims.Aggregate(1L, (n, d) => Math.Min(n * d, int.MaxValue)) > Math.Max(GridSizes.MostGrown, grid.Items.Length)) return null;
        int added = chosen.Grid.Rank;
        return grid.Pick(dims, p =>
        {
            int choice = 0, index = 0;
            for (int i = 0; i < added; i++) choice += p[axis + i] * inner[i];
            for (int i = 0; i < axis; i++) index += p[i] * strides[i];
            for (int i = axis + 1; i < strides.Length; i++) index += p[i - 1 + added] * strides[i];
            return index + (at[choice] * strides[axis]);
        });
    }

    private static Grid<T>? Slice<T>(OnnxNode node, Grid<T> grid, OnnxValue?[] inputs)
    {
        if (SliceRange.Read(node, inputs, Sizes) is not { } ranges) return null;
        Grid<T> result = grid;
        foreach (SliceRange<int> range in ranges)
        {
            int axis = GridSizes.Axis(range.Axis, grid.Rank);
            if (axis < 0) return null;
            int[] chosen = SliceRange.Indices(range.Start, range.End, range.Step, result.Dims[axis]), strides = GridSizes.Strides(result.Dims), dims = [.. result.Dims];
            dims[axis] = chosen.Length;
            result = result.Pick(dims, p => p.Select((at, i) => (i == axis ? chosen[at] : at) * strides[i]).Sum());
        }

        return result;
    }

    private static Grid<T>? Concat<T>(OnnxNode node, Grid<T>?[] parts)
    {
        if (parts.Any(p => p is null || p.Rank != parts[0]!.Rank)) return null;
        int axis = GridSizes.Axis(node.Integer("axis", 0), parts[0]!.Rank);
        if (axis < 0 || parts.Any(p => !p!.Dims.Where((_, i) => i != axis).SequenceEqual(parts[0]!.Dims.Where((_, i) => i != axis)))) return null;
        int[] dims = [.. parts[0]!.Dims];

        // One constant named a thousand times would grow beyond what the file holds.
        if (parts.Sum(p => (long)p!.Items.Length) > Math.Max(GridSizes.MostGrown, parts.Distinct(ReferenceEqualityComparer.Instance).Sum(p => (long)((Grid<T>)p!).Items.Length))) return null;
        dims[axis] = parts.Sum(p => p!.Dims[axis]);
        int outer = GridSizes.Count(dims.AsSpan(0, axis));
        var items = new List<T>(GridSizes.Count(dims));
        for (int i = 0; i < outer; i++)
            foreach (Grid<T>? part in parts)
                items.AddRange(part!.Items.AsSpan(i * (part.Items.Length / outer), part.Items.Length / outer));
        return new Grid<T>(dims, [.. items]);
    }

    private static Grid<T>? Unsqueeze<T>(Grid<T> grid, int[]? axes)
    {
        if (axes is null || axes.Length > 8) return null;
        int rank = grid.Rank + axes.Length;
        int[] at = [.. axes.Select(a => GridSizes.Axis(a, rank))];
        if (at.Contains(-1) || at.Distinct().Count() != at.Length) return null;
        var remaining = new Queue<int>(grid.Dims);
        return grid.WithDims([.. Enumerable.Range(0, rank).Select(i => at.Contains(i) ? 1 : remaining.Dequeue())]);
    }

    private static Grid<T>? Squeeze<T>(Grid<T> grid, int[]? axes)
    {
        int[] at = [.. (axes ?? [.. Enumerable.Range(0, grid.Rank).Where(i => grid.Dims[i] == 1)]).Select(a => GridSizes.Axis(a, grid.Rank))];
        return at.Any(a => a < 0 || grid.Dims[a] != 1) ? null : grid.WithDims([.. grid.Dims.Where((_, i) => !at.Contains(i))]);
    }

    private static Grid<T>? Reshape<T>(Grid<T> grid, int[]? sizes)
    {
        if (sizes is null || sizes.Count(s => s == -1) > 1 || sizes.Where((s, i) => s < -1 || (s == 0 && i >= grid.Rank)).Any()) return null;
        int[] dims = [.. sizes.Select((s, i) => s == 0 ? grid.Dims[i] : s)];
        long known = dims.Where(d => d != -1).Aggregate(1L, (n, d) => Math.Min(n * d, int.MaxValue));
        int free = Array.IndexOf(dims, -1);
        if (free >= 0 && known > 0) dims[free] = (int)(grid.Items.Length / known);
        return dims.Aggregate(1L, (n, d) => Math.Min(n * d, int.MaxValue)) == grid.Items.Length && !dims.Contains(-1) ? grid.WithDims(dims) : null;
    }

    // A weight expanded to an image's size stays as it is: the operators that read it expand it anyway (see ExpandConverter).
    private static Grid<T>? Expand<T>(Grid<T> grid, int[]? sizes) =>
        sizes is not null && !(typeof(T) == typeof(float) && sizes.Length == 4) && sizes.All(s => s > 0) && GridSizes.Broadcast(grid.Dims, sizes) is { } dims ? grid.BroadcastTo(dims) : null;

    private static Grid<T>? Transpose<T>(Grid<T> grid, IReadOnlyList<long>? order)
    {
        int[] from = order is null ? [.. Enumerable.Range(0, grid.Rank).Reverse()] : [.. order.Select(a => GridSizes.Axis(a, grid.Rank))];
        if (from.Length != grid.Rank || from.Contains(-1) || from.Distinct().Count() != from.Length) return null;
        int[] strides = GridSizes.Strides(grid.Dims);
        return grid.Pick([.. from.Select(a => grid.Dims[a])], p => p.Select((at, i) => at * strides[from[i]]).Sum());
    }
}

/// <summary>One axis of ONNX's Slice.</summary>
internal sealed record SliceRange<T>(int Axis, T Start, T End, int Step);

/// <summary>Reads slices.</summary>
internal static class SliceRange
{
    /// <summary>
    /// The ranges of a node: attributes up to operator set 9, inputs after; null where <paramref name="numbers"/> does not know the
    /// bounds, or axes and steps are not constant.
    /// </summary>
    internal static SliceRange<T>[]? Read<T>(OnnxNode node, OnnxValue?[] inputs, Func<OnnxValue?, T[]?> numbers)
    {
        T[]? starts = numbers(Operand(node, "starts", inputs, 1)), ends = numbers(Operand(node, "ends", inputs, 2));
        if (starts is null || ends is null || starts.Length != ends.Length) return null;
        int[]? axes = Operand(node, "axes", inputs, 3) is { } givenAxes ? Movement.Sizes(givenAxes) : [.. Enumerable.Range(0, starts.Length)];
        int[]? steps = Operand(node, "steps", inputs, 4) is { } givenSteps ? Movement.Sizes(givenSteps) : [.. starts.Select(_ => 1)];
        if (axes?.Length != starts.Length || steps?.Length != starts.Length || steps.Contains(0)) return null;
        return [.. starts.Select((start, i) => new SliceRange<T>(axes[i], start, ends[i], steps[i]))];
    }

    /// <summary>The positions chosen out of <paramref name="size"/>.</summary>
    internal static int[] Indices(int first, int last, int step, int size)
    {
        long start = first < 0 ? (long)first + size : first, end = last < 0 ? (long)last + size : last;
        var chosen = new List<int>();
        if (step > 0)
            for (long i = Math.Clamp(start, 0, size); i < Math.Clamp(end, 0, size); i += step) chosen.Add((int)i);
        else
            for (long i = Math.Clamp(start, -1, size - 1); i > Math.Clamp(end, -1, size - 1); i += step) chosen.Add((int)i);
        return [.. chosen];
    }

    private static OnnxValue? Operand(OnnxNode node, string name, OnnxValue?[] inputs, int index) =>
        node.Integers(name) is { } given ? ConstantEvaluator.Vector(given) : index < inputs.Length ? inputs[index] : null;
}

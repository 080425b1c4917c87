using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>A dense row-major array of any rank; rank 0 holds one item.</summary>
/// <param name="Dims">Sizes, outermost first, 0 or more each.</param>
/// <param name="Items">Product of the sizes many.</param>
internal sealed record Grid<T>(int[] Dims, T[] Items)
{
    internal int Rank => Dims.Length;

    /// <summary>Rearranges: item i of the result is item <paramref name="source"/>(coordinates of i) of this one.</summary>
    internal Grid<T> Pick(int[] dims, Func<int[], int> source)
    {
        var items = new T[GridSizes.Count(dims)];
        var at = new int[dims.Length];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Items[source(at)];
            for (int axis = dims.Length - 1; axis >= 0 && ++at[axis] == dims[axis]; axis--) at[axis] = 0;
        }

        return new Grid<T>(dims, items);
    }

    /// <summary>This grid repeated to <paramref name="dims"/> by the rules of numpy.</summary>
    internal Grid<T> BroadcastTo(int[] dims)
    {
        if (Dims.AsSpan().SequenceEqual(dims)) return this;
        int[] strides = GridSizes.Strides(Dims);
        int skipped = dims.Length - Rank;
        return Pick(dims, at =>
        {
            int index = 0;
            for (int axis = 0; axis < Rank; axis++) index += Dims[axis] == 1 ? 0 : at[skipped + axis] * strides[axis];
            return index;
        });
    }

    /// <summary>The same items under other sizes.</summary>
    internal Grid<T> WithDims(int[] dims) => new(dims, Items);

    internal Grid<TResult> Map<TResult>(Func<T, TResult> function) => new(Dims, Array.ConvertAll(Items, new Converter<T, TResult>(function)));
}

/// <summary>Sizes of grids.</summary>
internal static class GridSizes
{
    /// <summary>The most items that folding may make out of fewer: 16 MiB of floats.</summary>
    internal const int MostGrown = 1 << 22;

    internal static int Count(ReadOnlySpan<int> dims)
    {
        int count = 1;
        foreach (int dim in dims) count = checked(count * dim);
        return count;
    }

    internal static int[] Strides(int[] dims)
    {
        var strides = new int[dims.Length];
        for (int axis = dims.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= dims[axis];
        }

        return strides;
    }

    /// <summary>The sizes that two operands broadcast to, or null where they do not fit or the result would be far larger than both.</summary>
    internal static int[]? Broadcast(int[] a, int[] b)
    {
        var dims = new int[Math.Max(a.Length, b.Length)];
        long count = 1;
        for (int i = 1; i <= dims.Length; i++)
        {
            int x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1) return null;
            dims[^i] = x == 1 ? y : x;
            count *= dims[^i];
            if (count > int.MaxValue) return null;
        }

        return count <= Math.Max(MostGrown, Math.Max(Count(a), Count(b))) ? dims : null;
    }

    /// <summary>An axis that may count from the end, or -1 where there is none such.</summary>
    internal static int Axis(long axis, int rank) => axis >= 0 && axis < rank ? (int)axis : axis < 0 && axis >= -rank ? (int)(axis + rank) : -1;

    /// <summary>A size as a whole number where it does not depend on the image.</summary>
    internal static int? Fixed(Extent extent) => extent is ConstantExtent constant ? constant.Value : null;
}

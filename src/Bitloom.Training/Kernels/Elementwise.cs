using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>A function of one value, for 16 at once.</summary>
internal interface IUnaryFunction
{
    Vector512<float> Apply(Vector512<float> x);
}

/// <summary>A function of two values, for 16 pairs at once.</summary>
internal interface IBinaryFunction
{
    Vector512<float> Apply(Vector512<float> x, Vector512<float> y);
}

/// <summary>
/// Loops over dense runs of floats. Functions are structs, so that the JIT makes a loop of its own of each; what is left after the last
/// whole vector passes through a vector on the stack.
/// </summary>
internal static unsafe class Elementwise
{
    internal const int Lanes = 16;

    /// <summary><c>result[i] = f(x[i])</c>, or added to it.</summary>
    internal static void Map<T>(float* x, float* result, int count, T function, bool accumulate = false)
        where T : struct, IUnaryFunction
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<float> value = function.Apply(Vector512.Load(x + i));
            if (accumulate) value += Vector512.Load(result + i);
            value.Store(result + i);
        }

        if (i == count) return;
        Vector512<float> last = function.Apply(LoadPart(x + i, count - i));
        if (accumulate) last += LoadPart(result + i, count - i);
        StorePart(last, result + i, count - i);
    }

    /// <summary><c>result[i] = f(x[i], y[i])</c>, or added to it.</summary>
    internal static void Map<T>(float* x, float* y, float* result, int count, T function, bool accumulate = false)
        where T : struct, IBinaryFunction
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<float> value = function.Apply(Vector512.Load(x + i), Vector512.Load(y + i));
            if (accumulate) value += Vector512.Load(result + i);
            value.Store(result + i);
        }

        if (i == count) return;
        Vector512<float> last = function.Apply(LoadPart(x + i, count - i), LoadPart(y + i, count - i));
        if (accumulate) last += LoadPart(result + i, count - i);
        StorePart(last, result + i, count - i);
    }

    /// <summary>The sum of <c>f(x[i], y[i])</c>; f(0, 0) must be 0.</summary>
    internal static float Sum<T>(float* x, float* y, int count, T function)
        where T : struct, IBinaryFunction
    {
        Vector512<float> even = Vector512<float>.Zero, odd = Vector512<float>.Zero;
        int i = 0;
        for (; i <= count - (2 * Lanes); i += 2 * Lanes)
        {
            even += function.Apply(Vector512.Load(x + i), Vector512.Load(y + i));
            odd += function.Apply(Vector512.Load(x + i + Lanes), Vector512.Load(y + i + Lanes));
        }

        for (; i < count; i += Lanes) even += function.Apply(LoadPart(x + i, count - i), LoadPart(y + i, count - i));
        return SumLanes(even + odd);
    }

    /// <summary>The sum of x.</summary>
    internal static float Sum(float* x, int count) => Sum(x, x, count, default(First));

    /// <summary>The sum of products.</summary>
    internal static float Dot(float* x, float* y, int count) => Sum(x, y, count, default(Product));

    /// <summary><c>result[i] = x[i]</c>, or added to it.</summary>
    internal static void Copy(float* x, float* result, int count, bool accumulate)
    {
        if (accumulate) Map(x, result, result, count, default(Total));
        else new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(result, count));
    }

    /// <summary>The sum of 16 lanes, always in this order: the library's own sum may add in another once the JIT has optimised it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumLanes(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>Up to 16 values, zeros after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> LoadPart(float* x, int count) => count >= Lanes ? Vector512.Load(x) : LoadRest(x, count);

    /// <summary>Stores the first of 16 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StorePart(Vector512<float> value, float* result, int count)
    {
        if (count >= Lanes) value.Store(result);
        else StoreRest(value, result, count);
    }

    private static Vector512<float> LoadRest(float* x, int count)
    {
        Vector512<float> part = Vector512<float>.Zero;
        new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(&part, Lanes));
        return part;
    }

    private static void StoreRest(Vector512<float> value, float* result, int count) =>
        new ReadOnlySpan<float>(&value, count).CopyTo(new Span<float>(result, count));

    internal readonly struct Product : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> y) => x * y;
    }

    internal readonly struct Total : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> y) => x + y;
    }

    internal readonly struct Difference : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> y) => x - y;
    }

    internal readonly struct Multiple(float factor) : IUnaryFunction
    {
        private readonly Vector512<float> _factor = Vector512.Create(factor);

        public Vector512<float> Apply(Vector512<float> x) => x * _factor;
    }

    private readonly struct First : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> y) => x;
    }
}

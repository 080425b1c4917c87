using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>RPReLU of one channel, <c>u >= 0 ? u : u * slope</c> plus an offset, with u = x + shift, and its gradients.</summary>
internal readonly unsafe struct ShiftedLeak(float shift, float slope, float offset) : IUnaryFunction
{
    private readonly Vector512<float> _shift = Vector512.Create(shift), _slope = Vector512.Create(slope), _offset = Vector512.Create(offset);

    public Vector512<float> Apply(Vector512<float> x)
    {
        Vector512<float> u = x + _shift;
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(u, Vector512<float>.Zero), u, u * _slope) + _offset;
    }

    /// <summary>
    /// The gradient of x, stored or added, or left out where <paramref name="gx"/> is null. Returns the sums of g, of g where u is not
    /// above 0, and of g * u there.
    /// </summary>
    internal static (float All, float Bent, float BentSource) Backward(float* x, float* g, float* gx, int count, float shift, float slope, bool accumulates)
    {
        Vector512<float> s = Vector512.Create(shift), factor = Vector512.Create(slope), zero = Vector512<float>.Zero;
        Vector512<float> all = zero, bent = zero, bentSource = zero;
        int i = 0;
        for (; i <= count - Elementwise.Lanes; i += Elementwise.Lanes)
        {
            Vector512<float> u = Vector512.Load(x + i) + s, gradient = Vector512.Load(g + i);
            Vector512<float> low = Vector512.ConditionalSelect(Vector512.GreaterThan(u, zero), zero, gradient);
            all += gradient;
            bent += low;
            bentSource += low * u;
            if (gx == null) continue;

            // One of the two parts is 0.
            Vector512<float> result = gradient - low + (low * factor);
            if (accumulates) result += Vector512.Load(gx + i);
            result.Store(gx + i);
        }

        (float All, float Bent, float BentSource) sums = (Elementwise.SumLanes(all), Elementwise.SumLanes(bent), Elementwise.SumLanes(bentSource));
        if (i == count) return sums;

        // What is left passes through whole vectors on the stack, filled up with gradients of 0.
        Vector512<float> lastX = Elementwise.LoadPart(x + i, count - i), lastG = Elementwise.LoadPart(g + i, count - i);
        Vector512<float> lastResult = gx != null && accumulates ? Elementwise.LoadPart(gx + i, count - i) : zero;
        (float All, float Bent, float BentSource) rest = Backward((float*)&lastX, (float*)&lastG, (float*)&lastResult, Elementwise.Lanes, shift, slope, accumulates: true);
        if (gx != null) Elementwise.StorePart(lastResult, gx + i, count - i);
        return (sums.All + rest.All, sums.Bent + rest.Bent, sums.BentSource + rest.BentSource);
    }
}

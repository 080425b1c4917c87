using System.Runtime.Intrinsics;
using Bitloom.Training.Kernels;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Optimisers;

/// <summary>
/// Adam (Kingma and Ba, 2015): <c>m = b1 m + (1 - b1) g</c>, <c>v = b2 v + (1 - b2) g^2</c>, <c>w -= rate * m' / (sqrt(v') + epsilon)</c> with
/// m' and v' corrected for their start at 0. Weight decay is added to g, as PyTorch's Adam does; decoupled (AdamW) it shrinks w instead.
/// </summary>
public sealed unsafe class Adam(ParameterSet parameters) : Optimiser(parameters, "mean", "square")
{
    /// <summary>b1.</summary>
    public double FirstDecay { get; init; } = 0.9;

    /// <summary>b2.</summary>
    public double SecondDecay { get; init; } = 0.999;

    /// <summary>Added to the root.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>How strongly weights are drawn to 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>True for AdamW (Loshchilov and Hutter, 2019).</summary>
    public bool IsDecoupled { get; init; }

    private protected override void Update(int start, int count, double rate)
    {
        float* w = Parameters.ValuesPointer + start, g = Parameters.GradientsPointer + start;
        float* mean = MemoryPointer(0) + start, square = MemoryPointer(1) + start;
        double meanCorrection = 1 - Math.Pow(FirstDecay, Steps), squareCorrection = 1 - Math.Pow(SecondDecay, Steps);
        Vector512<float> b1 = Vector512.Create((float)FirstDecay), c1 = Vector512.Create((float)(1 - FirstDecay));
        Vector512<float> b2 = Vector512.Create((float)SecondDecay), c2 = Vector512.Create((float)(1 - SecondDecay));
        Vector512<float> size = Vector512.Create((float)(rate / meanCorrection)), root = Vector512.Create((float)Math.Sqrt(squareCorrection)), epsilon = Vector512.Create((float)Epsilon);
        Vector512<float> coupled = Vector512.Create(IsDecoupled ? 0f : (float)WeightDecay), kept = Vector512.Create(IsDecoupled ? (float)(1 - (rate * WeightDecay)) : 1f);
        for (int i = 0; i < count; i += Elementwise.Lanes)
        {
            Vector512<float> weight = Vector512.Load(w + i), gradient = Vector512.Load(g + i) + (weight * coupled);
            Vector512<float> m = (Vector512.Load(mean + i) * b1) + (gradient * c1), v = (Vector512.Load(square + i) * b2) + (gradient * gradient * c2);
            m.Store(mean + i);
            v.Store(square + i);
            ((weight * kept) - (m * size / ((Vector512.Sqrt(v) / root) + epsilon))).Store(w + i);
        }
    }
}

using System.Runtime.Intrinsics;
using Bitloom.Training.Kernels;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Optimisers;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch's: <c>g += decay * w</c>, <c>b = momentum * b + g</c> (b = g in the first step),
/// <c>w -= rate * b</c>, or with Nesterov's momentum <c>w -= rate * (g + momentum * b)</c>.
/// </summary>
public sealed unsafe class StochasticGradientDescent(ParameterSet parameters) : Optimiser(parameters, "momentum")
{
    /// <summary>How much of the last step's direction stays.</summary>
    public double Momentum { get; init; }

    /// <summary>How strongly weights are drawn to 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>True for Nesterov's momentum.</summary>
    public bool IsNesterov { get; init; }

    private protected override void Update(int start, int count, double rate)
    {
        float* w = Parameters.ValuesPointer + start, g = Parameters.GradientsPointer + start, b = MemoryPointer(0) + start;
        Vector512<float> momentum = Vector512.Create((float)Momentum), decay = Vector512.Create((float)WeightDecay), size = Vector512.Create((float)rate);
        for (int i = 0; i < count; i += Elementwise.Lanes)
        {
            Vector512<float> weight = Vector512.Load(w + i), gradient = Vector512.Load(g + i) + (weight * decay);

            // The memory starts at 0, which makes the first step's direction the gradient.
            Vector512<float> direction = (Vector512.Load(b + i) * momentum) + gradient;
            direction.Store(b + i);
            if (IsNesterov) direction = gradient + (direction * momentum);
            (weight - (direction * size)).Store(w + i);
        }
    }
}

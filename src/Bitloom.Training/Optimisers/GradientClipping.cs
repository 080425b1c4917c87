using Bitloom.Training.Kernels;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Optimisers;

/// <summary>Bounds on gradients, applied between a network's step and the optimiser's.</summary>
public static unsafe class GradientClipping
{
    /// <summary>Scales all gradients down where their Euclidean norm is above a bound; returns the norm before.</summary>
    public static double ByNorm(ParameterSet parameters, double bound)
    {
        double squares = 0;
        for (int i = 0; i < parameters.All.Count; i++)
        {
            if (parameters.All[i] is not { IsTrained: true } parameter) continue;
            float* gradient = parameters.GradientsPointer + parameter.Offset;
            squares += Elementwise.Dot(gradient, gradient, parameter.Count);
        }

        double norm = Math.Sqrt(squares);
        if (norm > bound) Elementwise.Map(parameters.GradientsPointer, parameters.GradientsPointer, parameters.Size, new Elementwise.Multiple((float)(bound / (norm + 1e-6))));
        return norm;
    }

    /// <summary>Brings every gradient into -bound..bound.</summary>
    public static void ByValue(ParameterSet parameters, float bound)
    {
        foreach (ref float gradient in parameters.Gradients) gradient = Math.Clamp(gradient, -bound, bound);
    }
}

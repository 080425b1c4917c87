using Bitloom.Compiler;

namespace Bitloom.Training.Parameters;

/// <summary>What a parameter is, as far as training treats it differently.</summary>
public enum ParameterRole
{
    /// <summary>Trained as it is.</summary>
    Weight,

    /// <summary>The real weights behind binary ones: used by their signs and the mean of their magnitudes.</summary>
    LatentWeight,

    /// <summary>
    /// The slope alpha of a scalable tanh, which is positive: a negative one would turn the gradients of everything before it around.
    /// Optimisers keep it at <see cref="Parameter.LeastSlope"/> or above, where gradients still pass.
    /// </summary>
    Slope,

    /// <summary>Set by the network itself, as running means and variances.</summary>
    Statistic,
}

/// <summary>A named run of floats of a <see cref="ParameterSet"/>.</summary>
/// <param name="Name">The weight's name in the graph and in checkpoints.</param>
/// <param name="Shape">Dimensions in checkpoints, outermost first.</param>
/// <param name="Offset">Where it starts, a multiple of 16.</param>
/// <param name="Count">How many values it has.</param>
/// <param name="Role">What it is.</param>
/// <param name="IsFrozen">True where optimisers leave it alone, as they do with statistics.</param>
public sealed record Parameter(string Name, EquatableArray<int> Shape, int Offset, int Count, ParameterRole Role, bool IsFrozen)
{
    /// <summary>The least slope of a surrogate.</summary>
    public const float LeastSlope = 0.1f;

    /// <summary>True where optimisers change it.</summary>
    public bool IsTrained => !IsFrozen && Role != ParameterRole.Statistic;
}

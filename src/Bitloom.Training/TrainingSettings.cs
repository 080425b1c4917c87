namespace Bitloom.Training;

/// <summary>What stands in for the derivative of sign, which is 0 almost everywhere.</summary>
public enum Surrogate
{
    /// <summary>1 on [-1, 1], 0 outside (straight-through estimator; Hubara et al., 2016). What weights always have.</summary>
    Clip,

    /// <summary><c>2 - 2|x|</c> on [-1, 1], 0 outside (Bi-Real Net, Liu et al., ECCV 2018). BBCU's.</summary>
    Quad,

    /// <summary>
    /// That of <c>tanh(alpha * x)</c> with a learned alpha a layer, 1 at first: <c>alpha * (1 - tanh(alpha x)^2)</c> (BiSRNet, arXiv
    /// 2305.10299, equation 5). The parameter is called <c>NODE.beta</c>, as in the released checkpoint.
    /// </summary>
    ScalableTanh,
}

/// <summary>How a graph becomes a network that can be trained.</summary>
public sealed record TrainingSettings
{
    /// <summary>The surrogate of every Sign.</summary>
    public Surrogate Surrogate { get; init; } = Surrogate.Quad;

    /// <summary>The surrogate of single Sign nodes by name; null for <see cref="Surrogate"/>.</summary>
    public Func<string, Surrogate?> SurrogateOf { get; init; } = _ => null;

    /// <summary>True for constants of the graph that are not trained, by name, e.g. the mean of a data set's colours.</summary>
    public Func<string, bool> IsFrozen { get; init; } = _ => false;

    /// <summary>How far a step of training moves the running statistics of batch norms towards the batch's.</summary>
    public float BatchNormMomentum { get; init; } = 0.1f;

    /// <summary>True for Shift nodes, by name, whose offsets are learned, as GhostSR's are.</summary>
    public Func<string, bool> LearnsShift { get; init; } = _ => false;

    /// <summary>Largest learned offset; the paper's is 1.</summary>
    public int ShiftReach { get; init; } = 1;

    internal Surrogate Of(string sign) => SurrogateOf(sign) ?? Surrogate;
}

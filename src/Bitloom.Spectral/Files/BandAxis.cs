namespace Bitloom.Spectral.Files;

/// <summary>Which dimension of a stored array counts the bands.</summary>
public enum BandAxis
{
    /// <summary>
    /// The first or the last: the one whose size is 28 or 31, as cubes of this field have, if that holds for one of them only; else
    /// the smaller one.
    /// </summary>
    Detect,

    /// <summary>The first: bands x height x width, as PyTorch has it.</summary>
    First,

    /// <summary>The last: height x width x bands, as MATLAB has it.</summary>
    Last,
}

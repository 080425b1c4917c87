using System.Globalization;
using Bitloom.Training.Data.Degradations;

namespace Bitloom.Training.Recipes;

/// <summary>What a network is for.</summary>
public enum TaskKind
{
    /// <summary>Super-resolution by a whole number.</summary>
    SuperResolution,

    /// <summary>Removing Gaussian noise of a deviation.</summary>
    Denoising,

    /// <summary>Removing what JPEG of a quality leaves.</summary>
    Deblocking,

    /// <summary>Reconstructing a hyperspectral cube from a snapshot.</summary>
    Spectral,

    /// <summary>Naming the class of a picture.</summary>
    Classification,
}

/// <summary>A task as command lines and recipes write it: <c>x2</c>, <c>sigma25</c>, <c>jpeg20</c>, <c>spectral</c>, <c>classify</c>.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Number">Scale, deviation in steps of 8 bits, or quality; 0 where there is none.</param>
public sealed record ImageTask(TaskKind Kind, int Number)
{
    /// <summary>How tasks are written, for messages.</summary>
    public const string Forms = "x2, x3 or x4, sigma1 to sigma255 (noise), jpeg1 to jpeg100 (quality), spectral or classify";

    /// <summary>What makes the network's input from a picture; null for tasks that do not begin with a good picture.</summary>
    public Degradation? Degradation => Kind switch
    {
        TaskKind.SuperResolution => new BicubicReduction(Number),
        TaskKind.Denoising => new GaussianNoise(Number),
        TaskKind.Deblocking => new JpegCompression(Number),
        _ => null,
    };

    /// <summary>Reads a task; null where the text is none.</summary>
    public static ImageTask? Parse(string text) => text switch
    {
        "spectral" => new ImageTask(TaskKind.Spectral, 0),
        "classify" => new ImageTask(TaskKind.Classification, 0),
        _ => WithNumber(text, "x", TaskKind.SuperResolution, 2, 4) ?? WithNumber(text, "sigma", TaskKind.Denoising, 1, 255) ?? WithNumber(text, "jpeg", TaskKind.Deblocking, 1, 100),
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        TaskKind.SuperResolution => Invariant($"x{Number}"),
        TaskKind.Denoising => Invariant($"sigma{Number}"),
        TaskKind.Deblocking => Invariant($"jpeg{Number}"),
        TaskKind.Spectral => "spectral",
        _ => "classify",
    };

    private static ImageTask? WithNumber(string text, string word, TaskKind kind, int least, int most) =>
        text.StartsWith(word, StringComparison.Ordinal) && int.TryParse(text.AsSpan(word.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? new ImageTask(kind, number) : null;
}

using Bitloom.Compiler;

namespace Bitloom.Benchmarks.Ablations;

/// <summary>One of the compared networks.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Recipe">Its folder in <c>models/ablations</c>; groups may share one.</param>
internal sealed record AblationVariant(string Name, string Recipe);

/// <summary>Networks that differ in one thing.</summary>
/// <param name="Title">The thing.</param>
/// <param name="Variants">In the order of the table; parents before those that start from them.</param>
internal sealed record AblationGroup(string Title, EquatableArray<AblationVariant> Variants)
{
    /// <summary>All comparisons.</summary>
    internal static IReadOnlyList<AblationGroup> All { get; } =
    [
        new("Surrogate of sign", [new("clip", "surrogate-clip"), new("scalable tanh", "surrogate-tanh"), new("quad", "bbcu")]),
        new("Form of BBCU's units", [new("V1", "form-v1"), new("V2", "form-v2"), new("V3", "form-v3"), new("V4", "bbcu")]),
        new("Residual alignment", [new("1", "alignment-1"), new("130", "bbcu")]),
        new("Offsets of ghosts", [new("dense parent", "shifts-dense"), new("none", "shifts-none"), new("fixed", "shifts-fixed"), new("learned", "shifts-learned")]),
    ];

    /// <summary>Models of the zoo that differ in the resolution at which they look, the one that chooses last.</summary>
    internal static IReadOnlyList<(string Name, string Model)> Resolutions { get; } =
        [("112", "resnet-s-112"), ("80", "resnet-s-80"), ("56", "resnet-s-56"), ("chosen for each picture", "drnet-s")];

    /// <summary>Every recipe once, in the order to run them.</summary>
    internal static IReadOnlyList<string> Recipes { get; } = [.. All.SelectMany(g => g.Variants).Select(v => v.Recipe).Distinct()];
}

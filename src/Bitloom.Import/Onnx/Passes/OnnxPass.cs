namespace Bitloom.Import.Onnx.Passes;

/// <summary>A rewrite of the ONNX graph before operators are converted. None needs to know shapes.</summary>
/// <param name="Name">For readers of this table.</param>
/// <param name="Run">From graph to graph; what it removes goes to the log.</param>
internal sealed record OnnxPass(string Name, Func<OnnxGraph, ImportLog, OnnxGraph> Run)
{
    /// <summary>
    /// All passes in order. Straight-through estimators go before constants are folded: folding first would leave the rounding of
    /// <c>w - clip(w) + clip(w)</c> in the weights.
    /// </summary>
    internal static IReadOnlyList<OnnxPass> All { get; } =
    [
        new("identities", RemoveIdentityPass.Run),
        new("equal nodes", MergeEqualNodesPass.Run),
        new("signs by comparison", FuseSignPass.Run),
        new("straight-through estimators", FoldStraightThroughPass.Run),
        new("unread nodes", RemoveUnreadPass.Run),
        new("constants", FoldConstantsPass.Run),
        new("gates", FuseGatePass.Run),
        new("layer normalisation", FuseLayerNormPass.Run),
        new("GELU", FuseGeluPass.Run),
        new("hard swish", FuseHardSwishPass.Run),
        new("padding before convolutions and pools", FoldPadIntoWindowPass.Run),
        new("slices after slices", JoinSlicesPass.Run),
        new("unread nodes", RemoveUnreadPass.Run),
    ];
}

/// <summary>Replaces values by others, in chains, wherever they are read.</summary>
internal sealed class Renaming
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    internal string this[string value] => _names.GetValueOrDefault(value, value);

    /// <summary>From now on <paramref name="value"/> is <paramref name="replacement"/>.</summary>
    internal void Replace(string value, string replacement) => _names[value] = this[replacement];

    internal OnnxNode Apply(OnnxNode node) =>
        node.Inputs.Any(_names.ContainsKey) ? node with { Inputs = [.. node.Inputs.Select(i => this[i])] } : node;

    internal IReadOnlyList<OnnxOutput> Apply(IReadOnlyList<OnnxOutput> outputs) => [.. outputs.Select(o => o with { Value = this[o.Value] })];
}

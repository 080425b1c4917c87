using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool;

/// <summary>
/// Counts values before a Sign that are exactly 0: PyTorch's sign makes 0 of them, a bit can only be +1. Where a network holds the signs
/// of a tensor and of its negative, as <c>bitloom import --exact-zeros</c> makes them, zeros are kept and not counted.
/// </summary>
internal static class ZeroSigns
{
    /// <summary>The tensors whose zeros change, once for every Sign that reads them.</summary>
    internal static IReadOnlyList<string> Find(NetworkGraph graph)
    {
        string[] signed = [.. graph.Nodes.Where(n => n.Operator is Sign).Select(n => n.Inputs[0])];
        Dictionary<string, Node> makers = graph.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        ILookup<string, LinearForm> bySource = signed.Distinct(StringComparer.Ordinal).Select(t => LinearForm.Of(t, makers)).ToLookup(f => f.Source, StringComparer.Ordinal);
        return [.. signed.Where(t => LinearForm.Of(t, makers) is var own && !bySource[own.Source].Any(own.IsNegativeOf))];
    }

    /// <summary>Zeros in tensors by name.</summary>
    internal static long Count(IEnumerable<string> tensors, Func<string, Tensor> find) =>
        tensors.GroupBy(t => t, StringComparer.Ordinal).Sum(g => (long)find(g.Key).Values.AsSpan().Count(0f) * g.Count());

    /// <summary>Says how many zeros there are, if any.</summary>
    internal static void Report(long zeros, ToolContext context)
    {
        if (zeros > 0)
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"note: {zeros} signs are of exact zeros, which PyTorch takes as 0 and Bitloom as +1; import with --exact-zeros to keep them"));
    }

    /// <summary>
    /// Says how many zeros compiled code meets. A second network returns the tensors before signs: were they outputs of the one that is
    /// verified, signs would not be taken in the steps that users run.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="bytes">What the tensors take together.</param>
    /// <param name="run">Compiles a network and runs it on the inputs.</param>
    /// <param name="context">Where to say it.</param>
    internal static void ReportCompiled(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs, long bytes, Func<NetworkGraph, Dictionary<string, Tensor>> run, ToolContext context)
    {
        IReadOnlyList<string> tensors = Find(graph);
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)
        {
            context.Output.WriteLine($"note: signs of exact zeros were not counted, for the tensors would take {bytes >> 20} MiB; verify at a smaller size to count them");
            return;
        }

        GraphOutput[] inner = [.. tensors.Distinct(StringComparer.Ordinal).Where(t => !inputs.ContainsKey(t)).Select(t => new GraphOutput(t, t, SourceLocation.None))];
        Dictionary<string, Tensor> computed = inner.Length > 0 ? run(graph with { Outputs = inner.ToEquatableArray() }) : [];
        Report(Count(tensors, t => inputs.TryGetValue(t, out Tensor? input) ? input : computed[t]), context);
    }

    /// <summary>A tensor as <c>Source * Scale + Bias</c>; one value, or one a channel.</summary>
    private sealed record LinearForm(string Source, IReadOnlyList<float> Scale, IReadOnlyList<float> Bias)
    {
        internal static LinearForm Of(string tensor, Dictionary<string, Node> makers) => makers.TryGetValue(tensor, out Node? maker)
            ? maker.Operator switch
            {
                Affine affine => new LinearForm(maker.Inputs[0], affine.Scale is { } scale ? [.. scale.Values] : [1], affine.Bias is { } bias ? [.. bias.Values] : [0]),
                Scale scale => new LinearForm(maker.Inputs[0], [scale.Factor], [0]),
                _ => new LinearForm(tensor, [1], [0]),
            }
            : new LinearForm(tensor, [1], [0]);

        internal bool IsNegativeOf(LinearForm other) =>
            Enumerable.Range(0, Math.Max(Scale.Count, Bias.Count)).All(c => At(Scale, c) == -At(other.Scale, c) && At(Bias, c) == -At(other.Bias, c));

        private static float At(IReadOnlyList<float> values, int channel) => values[values.Count == 1 ? 0 : channel];
    }
}

using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>
/// Checks every node by itself. The network is compiled so that it returns the tensor of each node but signs; the reference interpreter
/// computes each again from the very tensors that the compiled node has read. Rounding before a node then plays no part: sums of binary
/// convolutions must be equal to the last unit, all else within a tolerance relative to the mean magnitude of the node's tensor.
/// </summary>
internal static class LayerVerification
{
    /// <summary>The relative difference of a node that passes where <c>--tolerance</c> says nothing.</summary>
    internal const double DefaultTolerance = 1e-5;

    /// <summary>Runs the check, prints a line a binary convolution and one a kind of other operators, and returns an <see cref="ExitCode"/>.</summary>
    internal static int Run(
        ModelFile model,
        NetworkGraph graph,
        IReadOnlyDictionary<string, Tensor> inputs,
        (string Place, ImageSize Size, int Threads, VectorWidth Width) at,
        double tolerance,
        ToolContext context)
    {
        IReadOnlyList<NetworkLayer> layers = NetworkLayer.Cut(graph);
        new NetworkShapes(graph).CheckTogether(at.Place, at.Size, layers.Select(l => l.Node.Name));
        NetworkGraph exposed = graph with { Outputs = layers.Select(l => new GraphOutput(l.Node.Name, l.Node.Name, SourceLocation.None)).ToEquatableArray() };
        using INetworkHost host = context.Load(model, exposed, at.Width);
        using NetworkRun run = NetworkRun.Create(host, at.Place, at.Size, at.Threads);
        Dictionary<string, Tensor> computed = context.Progress("running the network", () => run.Run(inputs));
        Tensor Find(string tensor) => inputs.TryGetValue(tensor, out Tensor? input) ? input : computed[tensor];

        (int exact, long total) = (0, 0);
        var kinds = new SortedDictionary<string, KindComparison>(StringComparer.Ordinal);
        foreach (NetworkLayer layer in layers)
        {
            Tensor wanted = context.Progress($"checking {layer.Node.Name}", () => layer.Compute(layer.Sources.ToDictionary(s => s, Find)));
            Tensor made = computed[layer.Node.Name];
            if (layer.Node.Operator is not BinaryConv2d)
            {
                string kind = layer.Node.Operator.Kind;
                if (!kinds.TryGetValue(kind, out KindComparison? comparison)) kinds.Add(kind, comparison = new KindComparison(kind));
                comparison.Add(layer.Node.Name, made.Values, wanted.Values);
                continue;
            }

            if (FirstMismatch(made, wanted) is { } mismatch)
            {
                context.Output.WriteLine($"{layer.Node.Name}: {mismatch}");
                return ExitCode.VerificationFailed;
            }

            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layer.Node.Name}: exact over {made.Values.Length} sums"));
            exact++;
            total += made.Values.Length;
        }

        foreach (KindComparison comparison in kinds.Values) context.Output.WriteLine(comparison);
        ZeroSigns.Report(ZeroSigns.Count(ZeroSigns.Find(graph), Find), context);
        return Conclude(kinds.Values, tolerance, string.Create(CultureInfo.InvariantCulture, $"{exact} layers exact over {total} sums"), context);
    }

    private static int Conclude(IEnumerable<KindComparison> kinds, double tolerance, string summary, ToolContext context)
    {
        // Written so that a difference that is no number fails.
        KindComparison? wrong = kinds.FirstOrDefault(k => !(k.WorstMean <= tolerance));
        context.Output.WriteLine(wrong is null ? summary : string.Create(
            CultureInfo.InvariantCulture, $"{wrong.WorstNode}: mean relative difference is {TensorComparison.Number(wrong.WorstMean)}, must be at most {tolerance:R}"));
        return wrong is null ? ExitCode.Success : ExitCode.VerificationFailed;
    }

    private static string? FirstMismatch(Tensor sums, Tensor wanted)
    {
        for (int i = 0; i < wanted.Values.Length; i++)
        {
            // NaN differs from everything, which is what a sum of NaN deserves.
            if (sums.Values[i] == wanted.Values[i]) continue;
            int channel = i / wanted.PlaneSize, y = i % wanted.PlaneSize / wanted.Width, x = i % wanted.Width;
            return string.Create(CultureInfo.InvariantCulture, $"channel {channel} row {y} column {x} is {sums.Values[i]}, must be {wanted.Values[i]}");
        }

        return null;
    }
}

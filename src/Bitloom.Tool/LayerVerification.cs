using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>
/// Checks every binary convolution by itself. The network is compiled so that it also returns each layer's integer sums and the fp32
/// tensors whose signs the layer reads; the reference interpreter computes the sums again from those very tensors. Rounding before the
/// layer then plays no part, and the sums must be equal to the last unit.
/// </summary>
internal static class LayerVerification
{
    /// <summary>Runs the check, prints a line a layer, and returns an <see cref="ExitCode"/>.</summary>
    internal static int Run(
        ModelFile model,
        NetworkGraph graph,
        IReadOnlyDictionary<string, Tensor> inputs,
        (string Place, ImageSize Size, int Threads, VectorWidth Width) at,
        ToolContext context)
    {
        BinaryLayer[] layers = [.. graph.Nodes.Where(n => n.Operator is BinaryConv2d).Select(n => BinaryLayer.Find(graph, n))];
        if (layers.Length == 0) throw new BadInputException(model.Path, "the network has no binary convolution", "verify it without --layers");
        HashSet<string> own = [.. inputs.Keys];
        NetworkGraph exposed = graph.Expose(layers.SelectMany(l => l.Sources.Append(l.Name)).Distinct().Where(t => !own.Contains(t)));

        using INetworkHost host = context.Load(model, exposed, at.Width);
        using NetworkRun run = NetworkRun.Create(host, at.Place, at.Size, at.Threads);
        Dictionary<string, Tensor> computed = context.Progress("running the network", () => run.Run(inputs));
        long total = 0;
        foreach (BinaryLayer layer in layers)
        {
            var sources = layer.Sources.ToDictionary(s => s, s => own.Contains(s) ? inputs[s] : computed[s]);
            Tensor wanted = context.Progress($"checking {layer.Name}", () => layer.Compute(sources));
            Tensor sums = computed[layer.Name];
            if (FirstMismatch(sums, wanted) is { } mismatch)
            {
                context.Output.WriteLine($"{layer.Name}: {mismatch}");
                return ExitCode.VerificationFailed;
            }

            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layer.Name}: exact over {sums.Values.Length} sums"));
            total += sums.Values.Length;
        }

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layers.Length} layers exact over {total} sums"));
        return ExitCode.Success;
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

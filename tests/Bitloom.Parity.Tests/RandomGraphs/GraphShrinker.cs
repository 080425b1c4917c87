using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Parity.Tests.Harness;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>
/// Makes a failing case smaller while it keeps failing: returns an earlier tensor instead of the last, takes nodes out that keep
/// their input's shape, and crops the image. What remains is usually a node or two over a few pixels.
/// </summary>
internal static class GraphShrinker
{
    private const int MostAttempts = 60;

    /// <summary>Checks a law, and where it fails throws with the smallest failing case found.</summary>
    /// <param name="network">The case.</param>
    /// <param name="law">Null where the law holds, otherwise what is wrong.</param>
    internal static void Check(NetworkCase network, Func<NetworkCase, string?> law)
    {
        if (Apply(law, network) is not { } failure) return;
        NetworkCase smallest = network;
        int attempts = 0;
        for (bool shrunk = true; shrunk;)
        {
            shrunk = false;
            foreach (NetworkCase candidate in Candidates(smallest))
            {
                if (attempts++ == MostAttempts) break;
                if (Try(candidate, law) is not { } message) continue;
                (smallest, failure, shrunk) = (candidate, message, true);
                break;
            }
        }

        Assert.Fail($"{failure}\nSmallest failing case, found from {network.Name}, {smallest.Height} x {smallest.Width}:\n{smallest.Describe()}");
    }

    // A candidate may be too small for its own windows, or of a form that the compiler refuses: then it is no case at all.
    private static string? Try(NetworkCase candidate, Func<NetworkCase, string?> law)
    {
        try
        {
            candidate.Interpret();
            return Apply(law, candidate);
        }
        catch (Exception refusal) when (refusal is ArgumentException or GraphRefusedException)
        {
            return null;
        }
    }

    /// <summary>A law that fails by an exception fails too, but not by a refusal, which says all by itself.</summary>
    private static string? Apply(Func<NetworkCase, string?> law, NetworkCase network)
    {
        try
        {
            return law(network);
        }
        catch (Exception failure) when (failure is not GraphRefusedException)
        {
            return failure.ToString();
        }
    }

    private static IEnumerable<NetworkCase> Candidates(NetworkCase network)
    {
        foreach (Node node in network.Graph.Nodes.Take(network.Graph.Nodes.Count - 1))
            yield return Returning(network, node.Name);
        if (network.Graph.Outputs.Count > 1)
            foreach (GraphOutput output in network.Graph.Outputs) yield return Returning(network, output.Tensor);
        foreach (Node node in network.Graph.Nodes)
            if (Without(network, node) is { } smaller) yield return smaller;
        if (network.Width > 1) yield return Cropped(network, network.Height, (network.Width + 1) / 2);
        if (network.Height > 1) yield return Cropped(network, (network.Height + 1) / 2, network.Width);
        if (network.Width > 1) yield return Cropped(network, network.Height, network.Width - 1);
    }

    private static NetworkCase Returning(NetworkCase network, string tensor) =>
        Pruned(network, network.Graph with { Outputs = [new GraphOutput("output", tensor, SourceLocation.None)] });

    /// <summary>The case with a node's readers reading the node's first input, where the shape is the same and no one-bit weight reads it.</summary>
    private static NetworkCase? Without(NetworkCase network, Node removed)
    {
        if (removed.Operator.Kind is not ("Affine" or "Scale" or "Relu" or "LeakyRelu" or "PRelu" or "RPRelu" or "Add" or "Subtract" or "BatchNorm")) return null;
        string Rename(string tensor) => tensor == removed.Name ? removed.Inputs[0] : tensor;
        NetworkGraph graph = network.Graph with
        {
            Nodes = network.Graph.Nodes.Where(n => n != removed).Select(n => n with { Inputs = n.Inputs.Select(Rename).ToEquatableArray() }).ToEquatableArray(),
            Outputs = network.Graph.Outputs.Select(o => o with { Tensor = Rename(o.Tensor) }).ToEquatableArray(),
        };
        return graph.Nodes.Count == 0 ? null : Pruned(network, graph);
    }

    /// <summary>Drops nodes and inputs that no output needs.</summary>
    private static NetworkCase Pruned(NetworkCase network, NetworkGraph graph)
    {
        HashSet<string> needed = [.. graph.Outputs.Select(o => o.Tensor)];
        foreach (Node node in graph.Nodes.Reverse())
            if (needed.Contains(node.Name)) needed.UnionWith(node.Inputs);
        graph = graph with
        {
            Nodes = graph.Nodes.Where(n => needed.Contains(n.Name)).ToEquatableArray(),
            Inputs = graph.Inputs.Where(i => needed.Contains(i.Name)).ToEquatableArray(),
        };
        return network with { Graph = graph, Inputs = graph.Inputs.ToDictionary(i => i.Name, i => network.Inputs[i.Name]) };
    }

    private static NetworkCase Cropped(NetworkCase network, int height, int width) => network with
    {
        Inputs = network.Inputs.ToDictionary(i => i.Key, i => Crop(i.Value, height, width)),
    };

    private static Tensor Crop(Tensor tensor, int height, int width)
    {
        Tensor result = Tensor.Zeros(tensor.Channels, height, width);
        for (int channel = 0; channel < tensor.Channels; channel++)
            for (int y = 0; y < height; y++)
                tensor.Plane(channel).Slice(y * tensor.Width, width).CopyTo(result.Plane(channel)[(y * width)..]);
        return result;
    }
}

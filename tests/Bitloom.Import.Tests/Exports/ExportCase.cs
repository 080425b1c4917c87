using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests.Exports;

/// <summary>A network to export, and an image for it.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Graph">The network: one input, <c>input</c>.</param>
/// <param name="Image">Values for the input; many are exactly 0.</param>
/// <param name="Tolerance">How far another engine may be off; 0 where nothing is rounded.</param>
/// <param name="Imports">False where the importer does not know every operator of the export: pixels chosen by computed indices.</param>
internal sealed record ExportCase(string Name, NetworkGraph Graph, Tensor Image, double Tolerance, bool Imports)
{
    internal Dictionary<string, Tensor> Inputs => new() { ["input"] = Image };

    /// <summary>What the network makes of the image.</summary>
    internal IReadOnlyDictionary<string, Tensor> Expected() => Interpreter.Run(Graph, Inputs);

    public override string ToString() => Name;
}

/// <summary>Builds a network node by node.</summary>
internal sealed class ExportDraft(int channels, int height, int width)
{
    private readonly List<Node> _nodes = [];
    private int _weights;

    internal string Add(string name, Operator @operator, params string[] inputs)
    {
        _nodes.Add(new Node(name, @operator, inputs.ToEquatableArray(), SourceLocation.None));
        return name;
    }

    /// <summary>Reproducible weights in -1..1.</summary>
    internal FloatTensor Weight(params int[] shape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        return new FloatTensor(FormattableString.Invariant($"w{_weights++}"), shape.ToEquatableArray(), EquatableArray.Adopt(RandomValues(_weights, count)));
    }

    internal BitTensor Bits(params int[] shape) => BitTensor.FromSigns(FormattableString.Invariant($"b{_weights++}"), shape.ToEquatableArray(), Weight(shape).Values.AsSpan());

    internal ExportCase Finish(string name, double tolerance = 0, bool imports = true, params string[] outputs)
    {
        var free = new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width"));
        string[] tensors = outputs.Length > 0 ? outputs : [_nodes[^1].Name];
        var graph = new NetworkGraph(
            "case", name, [new GraphInput("input", free, SourceLocation.None)], _nodes.ToEquatableArray(),
            tensors.Select((t, i) => new GraphOutput(FormattableString.Invariant($"output{i}"), t, SourceLocation.None)).ToEquatableArray());
        return new ExportCase(name, graph, Image(channels, height, width), tolerance, imports);
    }

    // Eighths in -2..2, so that sums are exact and zeros and equal values are many.
    private static Tensor Image(int channels, int height, int width) =>
        new(channels, height, width, [.. RandomValues(41, channels * height * width).Select(v => MathF.Round(v * 16) / 8)]);

    private static float[] RandomValues(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}

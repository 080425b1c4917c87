using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;
using Bitloom.Training.Networks;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests;

/// <summary>Small graphs, random constants, and the reference interpreter on a batch.</summary>
internal static class TestNetworks
{
    /// <summary>A chain of operators from the input on; each reads the one before.</summary>
    internal static NetworkGraph Chain(int channels, params Operator[] operators) =>
        Graph(channels, [.. operators.Select((o, i) => (Invariant($"n{i}"), o, new[] { i == 0 ? "input" : Invariant($"n{i - 1}") }))]);

    /// <summary>A graph whose last node is the output.</summary>
    internal static NetworkGraph Graph(int channels, params (string Name, Operator Operator, string[] Inputs)[] nodes) => new(
        "test", "", [new GraphInput("input", new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
        [.. nodes.Select(n => new Node(n.Name, n.Operator, n.Inputs.ToEquatableArray(), SourceLocation.None))],
        [new GraphOutput("output", nodes[^1].Name, SourceLocation.None)]);

    /// <summary>A constant of values in -1..1.</summary>
    internal static FloatTensor Random(string name, params int[] shape)
    {
        var random = new CounterRandom((ulong)name.Length + 17);
        return new FloatTensor(name, shape.ToEquatableArray(), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)((random.NextUniform() * 2) - 1))]);
    }

    /// <summary>The interpreter's outputs for the images that a network in training has as its inputs.</summary>
    internal static float[] Interpret(NetworkGraph graph, TrainingNetwork network, int images)
    {
        var outputs = new List<float>();
        for (int image = 0; image < images; image++)
        {
            var inputs = new Dictionary<string, Tensor>();
            foreach (GraphInput input in graph.Inputs)
            {
                Span<float> all = network.Input(input.Name);
                int count = all.Length / network.Shape.Batch;
                inputs.Add(input.Name, new Tensor(input.Shape.Channels, network.Shape.Height, network.Shape.Width, all.Slice(image * count, count).ToArray()));
            }

            outputs.AddRange(Interpreter.Run(graph, inputs)["output"].Values);
        }

        return [.. outputs];
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>A graph under construction: names nodes, keeps shapes, and refuses operators that do not fit.</summary>
internal sealed class GraphDraft
{
    private readonly List<GraphInput> _inputs = [];
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, TensorShape> _shapes = [];
    private int _weights;

    /// <summary>Every tensor so far with its shape.</summary>
    internal IReadOnlyDictionary<string, TensorShape> Shapes => _shapes;

    /// <summary>Declares an input of free height and width.</summary>
    internal string Input(string name, int channels) => Input(name, new TensorShape(channels, Extent.Symbol("height"), Extent.Symbol("width")));

    /// <summary>Declares an input.</summary>
    internal string Input(string name, TensorShape shape)
    {
        _inputs.Add(new GraphInput(name, shape, SourceLocation.None));
        _shapes.Add(name, shape);
        return name;
    }

    /// <summary>Appends a node and returns its name.</summary>
    internal string Add(Operator op, params string[] inputs)
    {
        InferredShape inferred = op.InferShape([.. inputs.Select(i => _shapes[i])]);
        string name = $"{op.Kind.ToLowerInvariant()}_{_nodes.Count}";
        _shapes.Add(name, inferred.Shape ?? throw new InvalidOperationException($"{op.Kind}: {inferred.Error}"));
        _nodes.Add(new Node(name, op, inputs.ToEquatableArray(), SourceLocation.None));
        return name;
    }

    /// <summary>A name that no other weight has.</summary>
    internal string WeightName(string role) => $"{role}_{_weights++}";

    /// <summary>The graph that returns the tensors named, as output, output_1 and so on.</summary>
    internal NetworkGraph Finish(string name, params string[] outputs) => new(
        name,
        "",
        _inputs.ToEquatableArray(),
        _nodes.ToEquatableArray(),
        outputs.Select((tensor, i) => new GraphOutput(i == 0 ? "output" : $"output_{i}", tensor, SourceLocation.None)).ToEquatableArray());
}

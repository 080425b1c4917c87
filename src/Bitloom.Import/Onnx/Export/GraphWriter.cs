using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Export.Operators;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export;

/// <summary>Writes the nodes of a network, each into the graph of its scope: the file's, or a subgraph of the gate that it serves.</summary>
internal sealed class GraphWriter
{
    private readonly NetworkGraph _network;
    private readonly ShapeTable _shapes;
    private readonly GateScopes _scopes;
    private readonly ValueNames _names;
    private readonly ILookup<Scope, Node> _nodes;
    private readonly GraphProto _graph = new();

    internal GraphWriter(NetworkGraph network, ShapeTable shapes)
    {
        (_network, _shapes, _scopes, _names) = (network, shapes, GateScopes.Of(network), new ValueNames(network));
        _nodes = network.Nodes.Where(n => _scopes.HomeOf(n.Name) is not null).ToLookup(n => _scopes.HomeOf(n.Name)!);
        Constants = new Initialisers(_names, _graph.Initializer);
    }

    /// <summary>Weights and numbers; subgraphs read them from the outermost graph.</summary>
    internal Initialisers Constants { get; }

    /// <summary>Nodes written so far.</summary>
    internal int Nodes { get; private set; }

    internal IReadOnlyList<string> Inputs => _names.Inputs;

    internal IReadOnlyList<string> Outputs => _names.Outputs;

    /// <summary>The whole network.</summary>
    /// <exception cref="ExportException">An operator has no form in ONNX, or the constants are too large.</exception>
    internal GraphProto Write()
    {
        _graph.Name = ValueNames.Clean(_network.Name);
        if (_network.Description.Length > 0) _graph.DocString = _network.Description;
        _graph.Input.AddRange(_network.Inputs.Zip(Inputs, (input, name) => Describe(name, input.Shape)));
        WriteScope(_scopes.Root, _graph);
        foreach ((GraphOutput output, string name) in _network.Outputs.Zip(Outputs))
        {
            if (_names.Of(output.Tensor) != name) Append(_graph, name, "Identity", [_names.Of(output.Tensor)], name, []);
            _graph.Output.Add(Describe(name, _shapes[output.Tensor]));
        }

        return _graph;
    }

    /// <summary>The subgraph of one branch of a gate, counted from 0.</summary>
    internal GraphProto WriteBranch(Node gate, int branch)
    {
        string tensor = gate.Inputs[branch + 1];
        Scope scope = _scopes.BranchOf(gate, branch);
        var graph = new GraphProto { Name = ValueNames.Clean(((Gate)gate.Operator).Branches[branch]) };
        string result = _names.Of(tensor);

        // A subgraph must make what it returns: what is computed around it is copied.
        if (scope != _scopes.HomeOf(gate.Name) && scope == _scopes.HomeOf(tensor)) WriteScope(scope, graph);
        else result = AppendCopy(graph, result, $"{gate.Name}.{graph.Name}.copy");
        graph.Output.Add(Describe(result, _shapes[tensor]));
        return graph;
    }

    /// <summary>The value of a tensor of the network.</summary>
    internal string ValueOf(string tensor) => _names.Of(tensor);

    internal TensorShape ShapeOf(string tensor) => _shapes[tensor];

    internal string TakeName(string wanted) => _names.Take(wanted);

    /// <summary>Appends one node.</summary>
    internal void Append(GraphProto graph, string name, string @operator, IEnumerable<string> inputs, string output, IEnumerable<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = ValueNames.Clean(name), OpType = @operator };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        graph.Node.Add(node);
        Nodes++;
    }

    /// <summary>A value of single precision, 1 x channels x height x width; sizes that follow from a free one are told as text.</summary>
    internal static ValueInfoProto Describe(string name, TensorShape shape)
    {
        var dims = new TensorShapeProto();
        dims.Dim.AddRange(new[] { Extent.Constant(1), Extent.Constant(shape.Channels), shape.Height, shape.Width }.Select(e => e is ConstantExtent constant
            ? new TensorShapeProto.Types.Dimension { DimValue = constant.Value }
            : new TensorShapeProto.Types.Dimension { DimParam = e.ToCSharp() }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = dims } } };
    }

    private void WriteScope(Scope scope, GraphProto graph)
    {
        foreach (Node node in _nodes[scope]) WriterTable.Find(node).Write(new NodeDraft(this, graph, node));
    }

    private string AppendCopy(GraphProto graph, string value, string wanted)
    {
        string name = TakeName(wanted);
        Append(graph, name, "Identity", [value], name, []);
        return name;
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export;

/// <summary>One node of the network on its way into ONNX, where it may become several.</summary>
/// <param name="writer">Writes the file.</param>
/// <param name="graph">The graph or subgraph to append to.</param>
/// <param name="node">The node.</param>
internal sealed class NodeDraft(GraphWriter writer, GraphProto graph, Node node)
{
    internal Node Node => node;

    internal Initialisers Constants => writer.Constants;

    /// <summary>The value that the node reads.</summary>
    internal string Input(int index = 0) => writer.ValueOf(node.Inputs[index]);

    internal TensorShape InputShape(int index = 0) => writer.ShapeOf(node.Inputs[index]);

    /// <summary>All values that the node reads.</summary>
    internal string[] Inputs() => [.. node.Inputs.Select(writer.ValueOf)];

    /// <summary>Appends a step on the way to the result and returns its value.</summary>
    /// <param name="role">What it is to the node; its name is <c>node.role</c>.</param>
    /// <param name="operator">ONNX operator.</param>
    /// <param name="inputs">Values that it reads.</param>
    /// <param name="attributes">What <see cref="Attributes"/> makes.</param>
    internal string Inner(string role, string @operator, string[] inputs, params AttributeProto[] attributes)
    {
        string name = writer.TakeName($"{node.Name}.{role}");
        writer.Append(graph, name, @operator, inputs, name, attributes);
        return name;
    }

    /// <summary>Appends the step that makes the node's own result.</summary>
    internal void Result(string @operator, string[] inputs, params AttributeProto[] attributes) =>
        writer.Append(graph, node.Name, @operator, inputs, writer.ValueOf(node.Name), attributes);

    /// <summary>A subgraph without inputs, to be filled through <see cref="In"/>.</summary>
    internal GraphProto Subgraph(string role) => new() { Name = writer.TakeName($"{node.Name}.{role}") };

    /// <summary>The subgraph of one branch, for gates.</summary>
    internal GraphProto Branch(int branch) => writer.WriteBranch(node, branch);

    /// <summary>The same node, to be written into a subgraph.</summary>
    internal NodeDraft In(GraphProto subgraph) => new(writer, subgraph, node);

    /// <summary>Declares the output of a subgraph, of the shape of one of the node's inputs.</summary>
    internal void Return(string value, int shapeOfInput) => graph.Output.Add(GraphWriter.Describe(value, InputShape(shapeOfInput)));

    /// <summary>A refusal of this node: what is wrong and what to do.</summary>
    internal ExportException Refuse(string what, string remedy) => new($"node '{node.Name}' ({node.Operator.Kind}): {what}; {remedy}");
}

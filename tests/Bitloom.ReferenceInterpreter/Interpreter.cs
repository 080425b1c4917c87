using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter;

/// <summary>
/// Computes a network node by node with plain loops: the meaning of the operators, against which compiled code is checked.
/// Elementwise operators round to fp32 after every operation; binary convolutions are exact; sums of fp32 convolutions are
/// taken in double and rounded once.
/// </summary>
public static class Interpreter
{
    /// <summary>The network's outputs by name, for <paramref name="inputs"/> by name.</summary>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of a size that the network cannot take.</exception>
    /// <exception cref="InvalidOperationException">The graph itself is not valid.</exception>
    public static IReadOnlyDictionary<string, Tensor> Run(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        IReadOnlyDictionary<string, Tensor> tensors = RunAll(graph, inputs);
        return graph.Outputs.ToDictionary(o => o.Name, o => Find(tensors, o.Tensor, $"output '{o.Name}'"));
    }

    /// <summary>Every tensor of the network by the name of the input or node that makes it.</summary>
    /// <inheritdoc cref="Run" path="/exception"/>
    public static IReadOnlyDictionary<string, Tensor> RunAll(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        IReadOnlyDictionary<string, int> sizes = InputBinding.Check(graph, inputs);
        var tensors = new Dictionary<string, Tensor>(inputs);
        foreach (Node node in graph.Nodes)
        {
            Tensor[] operands = [.. node.Inputs.Select(name => Find(tensors, name, $"node '{node.Name}'"))];
            CheckShapes(node, operands, sizes);
            if (!tensors.TryAdd(node.Name, OperatorTable.Evaluate(node.Operator, operands, sizes)))
                throw new InvalidOperationException($"Two tensors are called '{node.Name}': give every node and input its own name.");
        }

        return tensors;
    }

    /// <summary>Asks the operator's own shape rule, with the sizes of this run as constants.</summary>
    private static void CheckShapes(Node node, Tensor[] operands, IReadOnlyDictionary<string, int> sizes)
    {
        (int least, int most) = node.Operator.Arity;
        if (operands.Length < least || operands.Length > most)
            throw new InvalidOperationException($"Node '{node.Name}' ({node.Operator.Kind}) has {operands.Length} inputs, it takes {least} to {most}.");

        InferredShape inferred = node.Operator.InferShape([.. operands.Select(t => new TensorShape(t.Channels, Extent.Constant(t.Height), Extent.Constant(t.Width)))]);
        if (inferred.Shape is not { } shape)
            throw new InvalidOperationException($"Node '{node.Name}' ({node.Operator.Kind}): {inferred.Error}.");
        (int height, int width) = (shape.Height.Evaluate(sizes), shape.Width.Evaluate(sizes));
        if (height < 1 || width < 1)
            throw new ArgumentException($"Node '{node.Name}' ({node.Operator.Kind}) would make {shape.Channels} x {height} x {width} from {operands[0]}: give a larger image.");
    }

    private static Tensor Find(IReadOnlyDictionary<string, Tensor> tensors, string name, string reader) =>
        tensors.TryGetValue(name, out Tensor? tensor) ? tensor
            : throw new InvalidOperationException($"The {reader} reads '{name}', which no input or earlier node makes.");
}

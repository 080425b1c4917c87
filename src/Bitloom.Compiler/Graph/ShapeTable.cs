namespace Bitloom.Compiler.Graph;

/// <summary>The shape of every tensor of a graph, by name.</summary>
public sealed class ShapeTable
{
    private readonly Dictionary<string, TensorShape> _shapes;

    internal ShapeTable(Dictionary<string, TensorShape> shapes) => _shapes = shapes;

    /// <summary>The shape of an input's or a node's tensor.</summary>
    /// <exception cref="KeyNotFoundException">The graph has no such tensor.</exception>
    public TensorShape this[string tensor] => _shapes[tensor];

    /// <summary>How many tensors the graph has.</summary>
    public int Count => _shapes.Count;

    /// <summary>False where the graph has no such tensor.</summary>
    public bool TryGetShape(string tensor, out TensorShape? shape) => _shapes.TryGetValue(tensor, out shape);

    /// <summary>The shapes that <paramref name="node"/> reads.</summary>
    public TensorShape[] InputsOf(Node node)
    {
        var inputs = new TensorShape[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = _shapes[node.Inputs[i]];
        return inputs;
    }
}

using System.Globalization;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Export;

/// <summary>
/// Names of values. In ONNX inputs, results, weights and outputs share one set of names, over all subgraphs; in a network they do not.
/// Inputs and outputs keep their names towards the caller, then nodes theirs, then weights; where two would collide the later gets a
/// number. A node that makes an output is known by the output's name.
/// </summary>
internal sealed class ValueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    internal ValueNames(NetworkGraph network)
    {
        foreach (GraphInput input in network.Inputs) _values[input.Name] = Take(input.Name);
        Inputs = [.. network.Inputs.Select(i => _values[i.Name])];
        Outputs = [.. network.Outputs.Select(TakeOutput)];
        foreach (Node node in network.Nodes)
            if (!_values.ContainsKey(node.Name)) _values[node.Name] = Take(node.Name);
            else _taken.Add(Clean(node.Name));
    }

    internal IReadOnlyList<string> Inputs { get; }

    internal IReadOnlyList<string> Outputs { get; }

    /// <summary>The value that an input or a node of the network makes.</summary>
    internal string Of(string tensor) => _values[tensor];

    /// <summary>A name that nothing else has.</summary>
    internal string Take(string name)
    {
        string clean = Clean(name), unique = clean;
        for (int number = 2; !_taken.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{clean}_{number}");
        return unique;
    }

    /// <summary>The name without characters that no file may hold.</summary>
    internal static string Clean(string name) =>
        name.Length == 0 ? "value" : string.Concat(name.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '_' : c));

    // A tensor that is an input, or an output already, needs a copy to be known by another name.
    private string TakeOutput(GraphOutput output)
    {
        string name = Take(output.Name);
        _values.TryAdd(output.Tensor, name);
        return name;
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Inputs of the network that a 1 x 1 convolution packs into its panels straight from the caller's memory, so that they never become planes.
/// <code>
///   input a ┐
///           ├ Concat -> PadToMultiple -> Conv2d 1x1      concatenation and padding may be missing; nothing else reads any of them
///   input b ┘
/// </code>
/// </summary>
/// <param name="Inputs">The inputs in the order of their channels.</param>
/// <param name="Level">The level of all of them.</param>
/// <param name="Pad">What stands in rows and columns that the convolution has beyond the inputs; null where their sizes are equal.</param>
public sealed record PackedInputs(EquatableArray<PackedInput> Inputs, int Level, PadMode? Pad)
{
    /// <summary>The inputs that a convolution could pack, and every tensor that then need not exist; null where it could not.</summary>
    internal static (PackedInputs Packed, IReadOnlyCollection<string> Tensors)? Find(GraphEditor graph, LevelTable levels, Node node)
    {
        if (node.Operator is not Conv2d { IsPointwise: true }) return null;
        string tensor = node.Inputs[0];
        var tensors = new List<string>();
        PadMode? pad = null;
        if (graph.MakerOf(tensor) is { Operator: PadToMultiple { Mode: var mode } } padding)
        {
            tensors.Add(tensor);
            (pad, tensor) = (mode, padding.Inputs[0]);
        }

        if (graph.InputsIn(tensor) is not { } parts) return null;
        if (graph.MakerOf(tensor) is not null) tensors.Add(tensor);
        tensors.AddRange(parts);
        if (tensors.Distinct().Count() < tensors.Count || !tensors.All(t => IsReadOnce(graph, t))) return null;
        int[] inputs = [.. parts.Select(p => graph.Graph.Inputs.ToList().FindIndex(i => i.Name == p))];
        return (new PackedInputs(inputs.Select(i => new PackedInput(i, graph.Graph.Inputs[i].Shape.Channels)).ToEquatableArray(), levels.IndexOf(graph.Shapes[tensor]), pad), tensors);
    }

    // What is cropped to a tensor's size reads none of its values.
    private static bool IsReadOnce(GraphEditor graph, string tensor) =>
        !graph.IsOutput(tensor) && graph.ReadersOf(tensor).Count(r => r.Operator is not CropLike || r.Inputs[0] == tensor) == 1;
}

/// <summary>One of them.</summary>
/// <param name="Input">Its number.</param>
/// <param name="Channels">Its channels.</param>
public sealed record PackedInput(int Input, int Channels);

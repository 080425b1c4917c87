using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Rows and columns are added and cut off as descriptors of any size need it; where nothing is, because the sizes are equal for every
/// size of the input, the node vanishes.
/// <code>
/// before:  x -> PadToMultiple(8)                  (the height and width of x are multiples of 8), read by f
/// after:   x, read by f
/// </code>
/// </summary>
internal static class RemoveIdentityBordersPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        var renamed = new Dictionary<string, string>();
        var nodes = new List<Node>();
        foreach (Node original in graph.Nodes)
        {
            Node node = original with { Inputs = original.Inputs.Select(i => renamed.TryGetValue(i, out string? name) ? name : i).ToEquatableArray() };
            bool isIdentity = node.Operator is Pad or PadToMultiple or Crop or CropLike && editor.Shapes[node.Name] == editor.Shapes[original.Inputs[0]];
            if (isIdentity && !editor.IsOutput(node.Name)) renamed.Add(node.Name, node.Inputs[0]);
            else nodes.Add(node);
        }

        return renamed.Count == 0 ? graph : editor.With(nodes);
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Reflecting what a 1 x 1 convolution makes is the same as reflecting what it reads. Where it reads inputs of the network, it packs them
/// anyway, reflected or not, and the copy of its result with added rows and columns is saved.
/// <code>
/// before:  a, b -> Concat x -> Conv2d 1x1 -> PadToMultiple(reflect) p        (convolution read by p alone, and by CropLike for its size)
/// after:   a, b -> Concat x -> PadToMultiple(reflect) p -> Conv2d 1x1        (p's readers read the convolution; CropLike takes the size of x)
/// </code>
/// </summary>
internal static class PadInputsPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        Dictionary<string, Node> pads = graph.Nodes.Where(n => Moves(editor, n)).ToDictionary(n => n.Inputs[0]);
        if (pads.Count == 0) return graph;
        Dictionary<string, string> padded = pads.ToDictionary(p => p.Value.Name, p => p.Key), sizes = pads.Keys.ToDictionary(c => c, c => editor.MakerOf(c)!.Inputs[0]);
        var nodes = new List<Node>();
        foreach (Node node in graph.Nodes)
        {
            if (padded.ContainsKey(node.Name)) continue;
            if (pads.TryGetValue(node.Name, out Node? pad))
            {
                nodes.Add(pad with { Inputs = node.Inputs });
                nodes.Add(node with { Inputs = [pad.Name] });
            }
            else nodes.Add(node with { Inputs = node.Inputs.Select(i => padded.TryGetValue(i, out string? conv) ? conv : sizes.TryGetValue(i, out string? size) ? size : i).ToEquatableArray() });
        }

        return editor.With(nodes);
    }

    private static bool Moves(GraphEditor graph, Node pad) =>
        pad.Operator is PadToMultiple { Mode: PadMode.Reflect } && !graph.IsOutput(pad.Inputs[0])
        && graph.MakerOf(pad.Inputs[0]) is { Operator: Conv2d { IsPointwise: true } } node && graph.InputsIn(node.Inputs[0]) is not null
        && graph.ReadersOf(node.Name).All(r => r.Name == pad.Name || (r.Operator is CropLike && r.Inputs[0] != node.Name));
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>The network as a tree of its dotted names, each leaf with operator and shape; runs of equal subtrees are folded.</summary>
internal static class LayerTree
{
    internal static IEnumerable<string> Lines(Plan plan)
    {
        NetworkGraph graph = plan.Source;
        ShapeTable shapes = ShapeInference.Infer(graph).Value!;
        yield return graph.Name;
        foreach (GraphInput input in graph.Inputs) yield return $"  {input.Name}: input, {input.Shape}";
        string? lastGroup = null;
        foreach (Node node in graph.Nodes)
        {
            int dot = node.Name.LastIndexOf('.');
            string group = dot < 0 ? "" : node.Name.Substring(0, dot);
            if (group.Length > 0 && group != lastGroup) yield return $"  {group}";
            lastGroup = group;
            string indent = group.Length > 0 ? "    " : "  ", name = group.Length > 0 ? node.Name.Substring(dot + 1) : node.Name;
            yield return $"{indent}{name}: {node.Operator.Kind}{Detail(node.Operator)}({string.Join(", ", node.Inputs)}) -> {shapes[node.Name]}";
        }

        foreach (GraphOutput output in graph.Outputs) yield return $"  {output.Name}: output, {shapes[output.Tensor]}";
    }

    private static string Detail(Operator @operator) => @operator switch
    {
        Conv2d conv => FormattableString.Invariant($" {conv.Weight.Shape[2]}x{conv.Weight.Shape[3]}{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}"),
        BinaryConv2d conv => FormattableString.Invariant($" {conv.Weight.Shape[2]}x{conv.Weight.Shape[3]}{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}"),
        LeakyRelu activation => FormattableString.Invariant($" {activation.Slope}"),
        Scale scale => FormattableString.Invariant($" {scale.Factor}"),
        PixelShuffle shuffle => FormattableString.Invariant($" {shuffle.Factor}"),
        ResizeNearest resize => FormattableString.Invariant($" {resize.Factor}"),
        ResizeBilinear resize => FormattableString.Invariant($" {resize.Factor}"),
        _ => "",
    };
}

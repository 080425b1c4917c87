using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// The network as a tree of its dotted names, each node with operator, inputs and shape. Neighbours that differ in their names only,
/// such as the units of a body, are written once.
/// </summary>
internal static class LayerTree
{
    internal static IEnumerable<string> Lines(Plan plan)
    {
        NetworkGraph graph = plan.Source;
        ShapeTable shapes = ShapeInference.Infer(graph).Value!;
        var root = new Branch("");
        foreach (Node node in graph.Nodes) root.At(node.Name.Split('.')).Layer = node;
        return
        [
            graph.Name,
            .. graph.Inputs.Select(i => $"  {i.Name}: input, {i.Shape}"),
            .. Lines(root, "  ", shapes),
            .. graph.Outputs.Select(o => $"  {o.Name}: output {o.Tensor}, {shapes[o.Tensor]}"),
        ];
    }

    private static IEnumerable<string> Lines(Branch parent, string indent, ShapeTable shapes)
    {
        for (int i = 0; i < parent.Children.Count;)
        {
            Branch branch = parent.Children[i];
            int alike = 1;
            while (i + alike < parent.Children.Count && parent.Children[i + alike].Signature(shapes) == branch.Signature(shapes)) alike++;
            string name = alike == 1 ? branch.Name : $"{branch.Name} ... {parent.Children[i + alike - 1].Name} alike";
            yield return indent + name + (branch.Layer is { } layer ? $": {Describe(layer.Operator)}({string.Join(", ", layer.Inputs)}) -> {shapes[layer.Name]}" : "");
            foreach (string line in Lines(branch, indent + "  ", shapes)) yield return line;
            i += alike;
        }
    }

    private static string Describe(Operator @operator) => @operator switch
    {
        Conv2d conv => Window("Conv2d", conv.Weight.Shape, conv.Groups),
        BinaryConv2d conv => Window("BinaryConv2d", conv.Weight.Shape, conv.Groups),
        LeakyRelu activation => FormattableString.Invariant($"LeakyRelu {activation.Slope}"),
        Scale scale => FormattableString.Invariant($"Scale {scale.Factor}"),
        PixelShuffle shuffle => FormattableString.Invariant($"PixelShuffle {shuffle.Factor}"),
        ResizeNearest resize => FormattableString.Invariant($"ResizeNearest {resize.Factor}"),
        ResizeBilinear resize => FormattableString.Invariant($"ResizeBilinear {resize.Factor}"),
        AveragePool pool => FormattableString.Invariant($"AveragePool {pool.Kernel.Rows}x{pool.Kernel.Columns}"),
        MaxPool pool => FormattableString.Invariant($"MaxPool {pool.Kernel.Rows}x{pool.Kernel.Columns}"),
        Clip clip => FormattableString.Invariant($"Clip {clip.Least} to {clip.Most}"),
        _ => @operator.Kind,
    };

    private static string Window(string kind, EquatableArray<int> kernel, int groups) =>
        FormattableString.Invariant($"{kind} {kernel[2]}x{kernel[3]}") + (groups > 1 ? FormattableString.Invariant($" in {groups} groups") : "");

    /// <summary>One segment of dotted names, in the order of first use.</summary>
    private sealed class Branch(string name)
    {
        private string? _signature;

        internal string Name { get; } = name;

        internal Node? Layer { get; set; }

        internal List<Branch> Children { get; } = [];

        internal Branch At(IEnumerable<string> path)
        {
            Branch branch = this;
            foreach (string segment in path)
            {
                Branch? next = branch.Children.Find(c => c.Name == segment);
                if (next is null) branch.Children.Add(next = new Branch(segment));
                branch = next;
            }

            return branch;
        }

        /// <summary>Operators and shapes of the subtree, without names.</summary>
        internal string Signature(ShapeTable shapes) =>
            _signature ??= $"{(Layer is null ? "" : $"{Describe(Layer.Operator)} -> {shapes[Layer.Name]}")}[{string.Join(";", Children.Select(c => c.Name + c.Signature(shapes)))}]";
    }
}

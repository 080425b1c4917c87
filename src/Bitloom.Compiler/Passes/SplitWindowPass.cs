using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// The kernel of binary convolutions makes a result for every input pixel. A binary convolution with a stride, or with less padding than
/// keeps the size, becomes one at every pixel and a choice among its results.
/// <code>
/// before:  x -> BinaryConv2d(stride s, padding p)
/// after:   x -> BinaryConv2d(stride 1, padding that keeps the size) -> Subsample(offset, stride s)
/// </code>
/// </summary>
internal static class SplitWindowPass
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        return editor.With(graph.Nodes.SelectMany(node => node.Operator is BinaryConv2d conv ? Split(editor, node, conv) : [node]));
    }

    private static Node[] Split(GraphEditor editor, Node node, BinaryConv2d conv)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        Window window = conv.Window;
        int spanY = window.DilationY * (kernel[2] - 1), spanX = window.DilationX * (kernel[3] - 1);
        Window every = window with
        {
            StrideY = 1,
            StrideX = 1,
            PadTop = Math.Max(window.PadTop, Math.Min(spanY / 2, spanY - window.PadBottom)),
            PadLeft = Math.Max(window.PadLeft, Math.Min(spanX / 2, spanX - window.PadRight)),
        };
        every = every with { PadBottom = spanY - every.PadTop, PadRight = spanX - every.PadLeft };

        // More padding than the kernel reaches over makes results that no pixel of the input stands for: planning refuses it.
        bool beyond = every.PadBottom < window.PadBottom || every.PadRight < window.PadRight;
        if (every == window || beyond) return [node];
        TensorShape shape = editor.Shapes[node.Name];
        Node whole = GraphEditor.Before(node, ".every_pixel", conv with { Window = every }, node.Inputs[0]);
        return
        [
            whole,
            GraphEditor.Replace(
                node,
                new Subsample(every.PadTop - window.PadTop, every.PadLeft - window.PadLeft, window.StrideY, window.StrideX, shape.Height, shape.Width),
                whole.Name),
        ];
    }
}

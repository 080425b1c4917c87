using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Pooling over windows and whole images. A window that hangs over the edge (ceil_mode) is one more row or column of padding, where
/// padding does not count.
/// </summary>
internal sealed class PoolingConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        if (node.Outputs.Skip(1).Any(o => o.Length > 0)) throw node.Refuse("its indices are read", "the nearest that is supported: MaxPool without indices");
        conversion.Define(node, conversion.Append(
            node,
            node.Operator switch
            {
                "GlobalAveragePool" => new GlobalAveragePool(),
                "GlobalMaxPool" => WholeImage(node, input.Shape),
                "AveragePool" => Average(node, input.Shape),
                _ => Maximum(node, input.Shape),
            },
            input));
    }

    private static MaxPool WholeImage(OnnxNode node, TensorShape shape) => GridSizes.Fixed(shape.Height) is { } height && GridSizes.Fixed(shape.Width) is { } width
        ? new MaxPool((height, width), new Window())
        : throw node.Refuse("the maximum over an image of any size is not supported", "the nearest that is: GlobalAveragePool, or MaxPool");

    private static MaxPool Maximum(OnnxNode node, TensorShape shape)
    {
        if (node.Integer("storage_order", 0) != 0) throw node.Refuse("storage_order is not supported", "export without it");
        (int Rows, int Columns) kernel = WindowAttributes.ReadKernel(node);
        return new MaxPool(kernel, RoundUp(node, shape, kernel, WindowAttributes.Read(node)));
    }

    private static AveragePool Average(OnnxNode node, TensorShape shape)
    {
        bool countsPadding = node.Integer("count_include_pad", 0) != 0;
        (int Rows, int Columns) kernel = WindowAttributes.ReadKernel(node);
        Window window = WindowAttributes.Read(node), rounded = RoundUp(node, shape, kernel, window);
        if (countsPadding && rounded != window) throw node.Refuse("it counts padding and has ceil_mode", "the nearest that is supported: ceil_mode=False, or count_include_pad=False");
        bool pads = (window.PadTop, window.PadLeft, window.PadBottom, window.PadRight) != (0, 0, 0, 0);
        return new AveragePool(kernel, rounded, countsPadding && pads);
    }

    private static Window RoundUp(OnnxNode node, TensorShape shape, (int Rows, int Columns) kernel, Window window)
    {
        if (node.Integer("ceil_mode", 0) == 0) return window;
        Window down = window with { PadBottom = window.PadBottom + window.StrideY - 1 }, right = down with { PadRight = window.PadRight + window.StrideX - 1 };
        bool keepsHeight = ExtentArithmetic.AreEqual(window.OutputHeight(shape.Height, kernel.Rows), down.OutputHeight(shape.Height, kernel.Rows));
        bool keepsWidth = ExtentArithmetic.AreEqual(window.OutputWidth(shape.Width, kernel.Columns), right.OutputWidth(shape.Width, kernel.Columns));
        Window rounded = window with { PadBottom = keepsHeight ? window.PadBottom : down.PadBottom, PadRight = keepsWidth ? window.PadRight : right.PadRight };

        // A window that starts in the added rows would be one too many, which ONNX leaves out.
        bool fits = rounded.PadBottom <= (kernel.Rows - 1) * window.DilationY && rounded.PadRight <= (kernel.Columns - 1) * window.DilationX;
        return fits ? rounded : throw node.Refuse("ceil_mode with a stride as wide as the window is not supported", "the nearest that is: ceil_mode=False");
    }
}

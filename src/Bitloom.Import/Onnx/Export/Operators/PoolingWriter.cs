using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Pooling over windows and over the whole image.</summary>
internal sealed class PoolingWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(AveragePool), typeof(MaxPool), typeof(GlobalAveragePool)];

    internal override void Write(NodeDraft draft)
    {
        if (draft.Node.Operator is AveragePool average) WriteAverage(draft, average);
        else if (draft.Node.Operator is MaxPool maximum) WriteMaximum(draft, maximum);
        else draft.Result("GlobalAveragePool", [draft.Input()]);
    }

    private static void WriteAverage(NodeDraft draft, AveragePool pool)
    {
        if ((pool.Window.DilationY, pool.Window.DilationX) == (1, 1))
            draft.Result("AveragePool", [draft.Input()], [.. WindowForm.Of(pool.Kernel.Rows, pool.Kernel.Columns, pool.Window), Attributes.Whole("count_include_pad", pool.CountsPadding ? 1 : 0)]);
        else
            WriteDilatedAverage(draft, pool);
    }

    // Operator set 13 does not dilate averages: the sum is a convolution of every channel by itself, and so is the number of pixels.
    private static void WriteDilatedAverage(NodeDraft draft, AveragePool pool)
    {
        (int rows, int columns) = pool.Kernel;
        int channels = draft.InputShape().Channels;
        string sum = Sum("sum", draft.Input(), channels);
        if (pool.CountsPadding)
        {
            draft.Result("Div", [sum, draft.Constants.Real(rows * columns)]);
            return;
        }

        string size = draft.Inner("size", "Slice", [draft.Inner("shape", "Shape", [draft.Input()]), draft.Constants.Wholes(2), draft.Constants.Wholes(4)]);
        string shape = draft.Inner("plane", "Concat", [draft.Constants.Wholes(1, 1), size], Attributes.Whole("axis", 0));
        string ones = draft.Inner("ones", "ConstantOfShape", [shape], Attributes.One("value"));
        draft.Result("Div", [sum, Sum("count", ones, 1)]);

        string Sum(string role, string value, int planes)
        {
            string kernel = draft.Constants.Made($"{draft.Node.Name}.{role}.weight", [planes, 1, rows, columns], (long)planes * rows * columns, _ => 1);
            return draft.Inner(role, "Conv", [value, kernel], ConvolutionWriter.Form([planes, 1, rows, columns], pool.Window, planes));
        }
    }

    private static void WriteMaximum(NodeDraft draft, MaxPool pool)
    {
        string input = draft.Input();
        Window window = pool.Window;

        // ONNX Runtime takes no padding as wide as the kernel, although a dilated window reaches further.
        if (Math.Max(window.PadTop, window.PadBottom) >= pool.Kernel.Rows || Math.Max(window.PadLeft, window.PadRight) >= pool.Kernel.Columns)
        {
            string pads = draft.Constants.Wholes(0, 0, window.PadTop, window.PadLeft, 0, 0, window.PadBottom, window.PadRight);
            input = draft.Inner("padded", "Pad", [input, pads, draft.Constants.Real(float.NegativeInfinity)]);
            window = window with { PadTop = 0, PadLeft = 0, PadBottom = 0, PadRight = 0 };
        }

        draft.Result("MaxPool", [input], [.. WindowForm.Of(pool.Kernel.Rows, pool.Kernel.Columns, window), Attributes.Wholes("dilations", window.DilationY, window.DilationX)]);
    }
}

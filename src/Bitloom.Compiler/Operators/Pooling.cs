using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>The mean of every channel over a window.</summary>
/// <param name="Kernel">Rows and columns of the window.</param>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="CountsPadding">True where padding counts as zeros; false where the mean is over pixels of the image only.</param>
public sealed record AveragePool((int Rows, int Columns) Kernel, Window Window, bool CountsPadding = false) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "AveragePool";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => PoolingShape.Infer(inputs[0], Kernel, Window);
}

/// <summary>The maximum of every channel over a window; padding does not count.</summary>
/// <param name="Kernel">Rows and columns of the window.</param>
/// <param name="Window">Stride, padding, dilation.</param>
public sealed record MaxPool((int Rows, int Columns) Kernel, Window Window) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "MaxPool";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => PoolingShape.Infer(inputs[0], Kernel, Window);
}

/// <summary>The mean of every channel over the whole image: one pixel.</summary>
public sealed record GlobalAveragePool : Operator
{
    /// <inheritdoc/>
    public override string Kind => "GlobalAveragePool";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        new TensorShape(inputs[0].Channels, Extent.Constant(1), Extent.Constant(1));
}

/// <summary>The shape rule of pooling windows.</summary>
internal static class PoolingShape
{
    internal static InferredShape Infer(TensorShape input, (int Rows, int Columns) kernel, Window window)
    {
        if (kernel.Rows < 1 || kernel.Columns < 1) return InferredShape.Fail($"the window is {kernel.Rows} x {kernel.Columns}: give 1 or more");
        if (ConvolutionShape.FindError(window) is { } error) return InferredShape.Fail(error);

        // A window must hold at least one pixel of the image.
        bool holds = Math.Max(window.PadTop, window.PadBottom) <= (kernel.Rows - 1) * window.DilationY
            && Math.Max(window.PadLeft, window.PadRight) <= (kernel.Columns - 1) * window.DilationX;
        return holds
            ? new TensorShape(input.Channels, window.OutputHeight(input.Height, kernel.Rows), window.OutputWidth(input.Width, kernel.Columns))
            : InferredShape.Fail($"padding is wider than the window of {kernel.Rows} x {kernel.Columns}: use at most its size less 1");
    }
}

using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Kernels;

/// <summary>Sizes of a convolution over one image.</summary>
/// <param name="Inputs">Input channels.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Window">Stride, padding, dilation.</param>
/// <param name="Groups">Divides both channel counts.</param>
/// <param name="OutputHeight">Rows of the output.</param>
/// <param name="OutputWidth">Columns of the output.</param>
internal sealed record ConvolutionSize(
    int Inputs, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth, Window Window, int Groups, int OutputHeight, int OutputWidth)
{
    /// <summary>Input channels of a group.</summary>
    internal int InputsPerGroup => Inputs / Groups;

    /// <summary>Output channels of a group.</summary>
    internal int OutputsPerGroup => Outputs / Groups;

    /// <summary>Taps of an input channel.</summary>
    internal int KernelSize => KernelHeight * KernelWidth;

    /// <summary>Phases of the input: every <c>stride</c>th pixel of every <c>stride</c>th row, from each start.</summary>
    internal int Phases => Window.StrideY * Window.StrideX;
}

/// <summary>The pixels of the input that lie (Row, Column) after multiples of the strides.</summary>
internal readonly record struct Phase(int Row, int Column, int StrideY, int StrideX)
{
    /// <summary>Rows of this phase in so many rows.</summary>
    internal int RowsOf(int height) => Row < height ? ((height - Row - 1) / StrideY) + 1 : 0;

    /// <summary>Columns of this phase in so many columns.</summary>
    internal int ColumnsOf(int width) => Column < width ? ((width - Column - 1) / StrideX) + 1 : 0;
}

/// <summary>A gradient of one phase of the input, as a correlation of stride 1 over the output's gradient.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Correlation">Over the output channels of a group.</param>
/// <param name="KernelIndices">The kernel's taps that read this phase.</param>
internal sealed record PhaseGradient(Phase Phase, Correlation Correlation, int[] KernelIndices);

/// <summary>
/// A convolution as correlations of stride 1. With stride s, tap k reads row <c>y * s + k * dilation - pad = (y + q) * s + r</c>: row y + q of
/// the phase r of the input. The input's gradient at row j of phase r reads, through each such tap, row j - q of the output's gradient.
/// </summary>
internal sealed class ConvolutionGeometry
{
    internal ConvolutionGeometry(ConvolutionSize size)
    {
        Size = size;
        Window window = size.Window;
        Phases = [.. from row in Enumerable.Range(0, window.StrideY)
                     from column in Enumerable.Range(0, window.StrideX)
                     select new Phase(row, column, window.StrideY, window.StrideX)];
        Tap[] taps = [.. from ky in Enumerable.Range(0, size.KernelHeight) from kx in Enumerable.Range(0, size.KernelWidth) select ReadBy(ky, kx)];
        IsRead = [.. Phases.Select((_, phase) => taps.Any(t => t.Plane == phase))];
        Forward = new Correlation(size.Inputs * size.Phases, size.OutputHeight, size.OutputWidth,
            [.. from channel in Enumerable.Range(0, size.InputsPerGroup) from tap in taps select tap with { Plane = (channel * size.Phases) + tap.Plane }]);
        Backward = [.. Enumerable.Range(0, size.Phases).Select(phase => Transpose(phase, taps)).OfType<PhaseGradient>()];
    }

    internal ConvolutionSize Size { get; }

    internal Phase[] Phases { get; }

    /// <summary>For each phase, whether a tap reads it.</summary>
    internal bool[] IsRead { get; }

    /// <summary>Over the phases of the input channels of a group.</summary>
    internal Correlation Forward { get; }

    /// <summary>For each phase that has pixels and is read.</summary>
    internal PhaseGradient[] Backward { get; }

    // The plane is the phase.
    private Tap ReadBy(int ky, int kx)
    {
        Window window = Size.Window;
        (int row, int phaseRow) = Divide((ky * window.DilationY) - window.PadTop, window.StrideY);
        (int column, int phaseColumn) = Divide((kx * window.DilationX) - window.PadLeft, window.StrideX);
        return new Tap((phaseRow * window.StrideX) + phaseColumn, row, column);
    }

    private PhaseGradient? Transpose(int phase, Tap[] taps)
    {
        int rows = Phases[phase].RowsOf(Size.Height), columns = Phases[phase].ColumnsOf(Size.Width);
        int[] indices = [.. Enumerable.Range(0, taps.Length).Where(k => taps[k].Plane == phase)];
        if (rows == 0 || columns == 0 || indices.Length == 0) return null;
        Tap[] transposed = [.. from channel in Enumerable.Range(0, Size.OutputsPerGroup) from k in indices select new Tap(channel, -taps[k].Row, -taps[k].Column)];
        return new PhaseGradient(Phases[phase], new Correlation(Size.Outputs, rows, columns, transposed), indices);
    }

    private static (int Quotient, int Remainder) Divide(int value, int divisor)
    {
        int remainder = ((value % divisor) + divisor) % divisor;
        return ((value - remainder) / divisor, remainder);
    }
}

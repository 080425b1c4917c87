using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>
/// What both convolutions have in common: which input pixel a tap of the kernel reads. For output pixel (y, x), tap (ky, kx)
/// reads (y * stride - pad + ky * dilation, x * stride - pad + kx * dilation); a tap outside the image adds nothing.
/// </summary>
internal sealed class ConvolutionWalk
{
    private readonly Tensor _input;
    private readonly Window _window;

    /// <summary>Prepares the walk of a kernel of <paramref name="weightShape"/> (output channels, input channels a group, height, width).</summary>
    internal ConvolutionWalk(Tensor input, EquatableArray<int> weightShape, Window window, int groups)
    {
        (_input, _window) = (input, window);
        (OutputChannels, ChannelsPerGroup, KernelHeight, KernelWidth) = (weightShape[0], weightShape[1], weightShape[2], weightShape[3]);
        OutputsPerGroup = OutputChannels / groups;
        OutputHeight = window.OutputHeight(Extent.Constant(input.Height), KernelHeight).Evaluate(NoSizes);
        OutputWidth = window.OutputWidth(Extent.Constant(input.Width), KernelWidth).Evaluate(NoSizes);
    }

    /// <summary>Reads an input row's pixels into the sums of an output row, for one weight.</summary>
    internal delegate void AddTap<TSum>(int outputChannel, int weightIndex, ReadOnlySpan<float> pixels, int stride, Span<TSum> sums);

    internal int OutputChannels { get; }

    internal int OutputHeight { get; }

    internal int OutputWidth { get; }

    private static Dictionary<string, int> NoSizes { get; } = [];

    private int ChannelsPerGroup { get; }

    private int OutputsPerGroup { get; }

    private int KernelHeight { get; }

    private int KernelWidth { get; }

    /// <summary>
    /// Calls <paramref name="add"/> for every weight of an output channel, in the order input channel, kernel row, kernel column,
    /// and every output row where its tap is inside the image. Then sums[i] must grow by weight * pixels[i * stride].
    /// </summary>
    internal void Visit<TSum>(int outputChannel, TSum[] sums, AddTap<TSum> add)
    {
        int firstInput = outputChannel / OutputsPerGroup * ChannelsPerGroup, weight = 0;
        for (int channel = firstInput; channel < firstInput + ChannelsPerGroup; channel++)
            for (int ky = 0; ky < KernelHeight; ky++)
                for (int kx = 0; kx < KernelWidth; kx++, weight++)
                    VisitRows(outputChannel, channel, ky, kx, weight, sums, add);
    }

    private void VisitRows<TSum>(int outputChannel, int channel, int ky, int kx, int weight, TSum[] sums, AddTap<TSum> add)
    {
        int shift = (kx * _window.DilationX) - _window.PadLeft, stride = _window.StrideX;

        // Output columns whose input column x * stride + shift lies in the image: from first to end - 1.
        int first = 0, end = OutputWidth;
        while (first < end && (first * stride) + shift < 0) first++;
        while (end > first && ((end - 1) * stride) + shift >= _input.Width) end--;
        if (first == end) return;

        for (int y = 0; y < OutputHeight; y++)
        {
            int row = (y * _window.StrideY) - _window.PadTop + (ky * _window.DilationY);
            if (row < 0 || row >= _input.Height) continue;
            Span<float> pixels = _input.Plane(channel).Slice((row * _input.Width) + (first * stride) + shift);
            add(outputChannel, weight, pixels, stride, sums.AsSpan((y * OutputWidth) + first, end - first));
        }
    }
}

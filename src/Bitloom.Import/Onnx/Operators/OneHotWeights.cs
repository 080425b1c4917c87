using Bitloom.Compiler;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// A depthwise kernel whose every channel has one weight that is not exactly 0, which keeps the image's size: how GhostSR's learned
/// shifts are exported.
/// </summary>
/// <param name="Shift">Where pixels come from; null where all stay.</param>
/// <param name="Scales">The weight of every channel.</param>
internal sealed record OneHotWeights(Shift? Shift, float[] Scales)
{
    internal static OneHotWeights? Find(Grid<float> weight, Window window, int groups, int channels)
    {
        (int rows, int columns) = (weight.Dims[2], weight.Dims[3]);
        bool keepsSize = window is { StrideY: 1, StrideX: 1 } && window.PadTop + window.PadBottom == (rows - 1) * window.DilationY && window.PadLeft + window.PadRight == (columns - 1) * window.DilationX;

        // A kernel of one pixel is an ordinary scale, which says nothing about shifts.
        if (!keepsSize || rows * columns == 1 || groups != channels || weight.Dims[0] != channels || weight.Dims[1] != 1) return null;
        var (down, right, scales) = (new int[channels], new int[channels], new float[channels]);
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> kernel = weight.Items.AsSpan(c * rows * columns, rows * columns);
            int at = kernel.IndexOfAnyExcept(0f);
            if (at < 0 || kernel[(at + 1)..].IndexOfAnyExcept(0f) >= 0) return null;
            (down[c], right[c], scales[c]) = ((at / columns * window.DilationY) - window.PadTop, (at % columns * window.DilationX) - window.PadLeft, kernel[at]);
        }

        if (down.Concat(right).Any(o => Math.Abs(o) > Compiler.Operators.Shift.Farthest)) return null;
        bool stays = down.Concat(right).All(o => o == 0);
        return new OneHotWeights(stays ? null : new Shift(OneOrAll(down), OneOrAll(right)), scales);
    }

    private static EquatableArray<int> OneOrAll(int[] offsets) => offsets.AsSpan().IndexOfAnyExcept(offsets[0]) < 0 ? [offsets[0]] : offsets.ToEquatableArray();
}

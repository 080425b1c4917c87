using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Up-sampling by whole factors.</summary>
internal static class ResizeEvaluator
{
    internal static Tensor Nearest(ResizeNearest resize, Tensor x)
    {
        var result = Tensor.Zeros(x.Channels, x.Height * resize.Factor, x.Width * resize.Factor);
        for (int channel = 0; channel < result.Channels; channel++)
            for (int y = 0; y < result.Height; y++)
                for (int column = 0; column < result.Width; column++)
                    result[channel, y, column] = x[channel, y / resize.Factor, column / resize.Factor];
        return result;
    }

    /// <summary>
    /// PyTorch's order: each row's two neighbours are weighted and summed, then the two rows; every operation rounds to fp32.
    /// </summary>
    internal static Tensor Bilinear(ResizeBilinear resize, Tensor x)
    {
        var result = Tensor.Zeros(x.Channels, x.Height * resize.Factor, x.Width * resize.Factor);
        for (int channel = 0; channel < result.Channels; channel++)
            for (int y = 0; y < result.Height; y++)
                for (int column = 0; column < result.Width; column++)
                {
                    Neighbours v = Neighbours.At(y, resize.Factor, x.Height), h = Neighbours.At(column, resize.Factor, x.Width);
                    float upper = Blend(h, x[channel, v.First, h.First], x[channel, v.First, h.Second]);
                    float lower = Blend(h, x[channel, v.Second, h.First], x[channel, v.Second, h.Second]);
                    result[channel, y, column] = Blend(v, upper, lower);
                }

        return result;
    }

    private static float Blend(Neighbours at, float first, float second) =>
        (float)((float)(at.FirstWeight * first) + (float)(at.SecondWeight * second));

    /// <summary>The two input rows (or columns) that an output row lies between, and the share of each.</summary>
    private readonly record struct Neighbours(int First, int Second, float FirstWeight, float SecondWeight)
    {
        internal static Neighbours At(int output, int factor, int size)
        {
            // Half-pixel centres; before the first centre there is nothing to blend with, and beyond the last it repeats.
            float position = Math.Max(0f, (float)((float)((float)(output + 0.5f) * (1f / factor)) - 0.5f));
            int first = (int)position;
            float share = (float)(position - first);
            return new Neighbours(first, Math.Min(first + 1, size - 1), (float)(1f - share), share);
        }
    }
}

using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>Nearest-neighbour up-sampling; a pixel's gradient is the sum over its copies.</summary>
internal sealed unsafe class ResizeNearestLayer(LayerSource source) : Layer<ResizeNearest>(source)
{
    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        int factor = Operator.Factor, width = Inputs[0].Width;
        for (int row = 0; row < Inputs[0].Channels * Inputs[0].Height; row++, x += width, y += (nint)factor * Output.Width)
        {
            for (int i = 0; i < width; i++)
                for (int j = 0; j < factor; j++) y[(i * factor) + j] = x[i];
            for (int copy = 1; copy < factor; copy++) Elementwise.Copy(y, y + ((nint)copy * Output.Width), Output.Width, accumulate: false);
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* gx = pass.Gradient(Inputs[0]), g = pass.Gradient(Output);
        int factor = Operator.Factor, width = Inputs[0].Width;
        for (int row = 0; row < Inputs[0].Channels * Inputs[0].Height; row++, gx += width)
        {
            if (!Accumulates[0]) new Span<float>(gx, width).Clear();
            for (int copy = 0; copy < factor; copy++, g += Output.Width)
                for (int j = 0; j < factor; j++)
                    for (int i = 0; i < width; i++) gx[i] += g[(i * factor) + j];
        }
    }
}

/// <summary>
/// Bilinear up-sampling with half-pixel centres. A pixel's gradient is the sum of the output's gradients times the shares that the pixel
/// had in them.
/// </summary>
internal sealed unsafe class ResizeBilinearLayer : Layer<ResizeBilinear>
{
    private readonly Share[] _rows, _columns;

    internal ResizeBilinearLayer(LayerSource source)
        : base(source)
    {
        _rows = [.. Enumerable.Range(0, Output.Height).Select(y => Share.At(y, Operator.Factor, Inputs[0].Height))];
        _columns = [.. Enumerable.Range(0, Output.Width).Select(x => Share.At(x, Operator.Factor, Inputs[0].Width))];
    }

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        for (int c = 0; c < Output.Channels; c++, x += Inputs[0].Plane)
        {
            foreach (Share row in _rows)
            {
                float* upper = x + (row.First * Inputs[0].Width), lower = x + (row.Second * Inputs[0].Width);
                foreach (Share column in _columns)
                {
                    float above = (column.OfFirst * upper[column.First]) + (column.OfSecond * upper[column.Second]);
                    float below = (column.OfFirst * lower[column.First]) + (column.OfSecond * lower[column.Second]);
                    *y++ = (row.OfFirst * above) + (row.OfSecond * below);
                }
            }
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* gx = pass.Gradient(Inputs[0]), g = pass.Gradient(Output);
        if (!Accumulates[0]) new Span<float>(gx, Inputs[0].Count).Clear();
        for (int c = 0; c < Output.Channels; c++, gx += Inputs[0].Plane)
        {
            foreach (Share row in _rows)
            {
                float* upper = gx + (row.First * Inputs[0].Width), lower = gx + (row.Second * Inputs[0].Width);
                foreach (Share column in _columns)
                {
                    float value = *g++, above = row.OfFirst * value, below = row.OfSecond * value;
                    upper[column.First] += column.OfFirst * above;
                    upper[column.Second] += column.OfSecond * above;
                    lower[column.First] += column.OfFirst * below;
                    lower[column.Second] += column.OfSecond * below;
                }
            }
        }
    }

    /// <summary>The two input rows (or columns) that an output row lies between, and the share of each.</summary>
    private readonly record struct Share(int First, int Second, float OfFirst, float OfSecond)
    {
        internal static Share At(int output, int factor, int size)
        {
            float position = Math.Max(0f, ((output + 0.5f) * (1f / factor)) - 0.5f);
            int first = (int)position;
            return new Share(first, Math.Min(first + 1, size - 1), 1f - (position - first), position - first);
        }
    }
}

using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>What an output row (or column) reads: so many rows, each with a weight.</summary>
internal readonly record struct AxisTaps(int[] Indices, float[] Weights)
{
    /// <summary>One row as it is.</summary>
    internal static AxisTaps One(int index) => new([index], [1]);

    /// <summary>Zeros.</summary>
    internal static AxisTaps None => new([], []);
}

/// <summary>
/// An operator whose output pixel is a weighted sum over some rows of a weighted sum over some columns of its channel: pads, crops, means
/// over windows, resampling. The gradient spreads through the same weights.
/// </summary>
internal sealed unsafe class SeparableLayer<TOperator>(LayerSource source, Func<int, int, AxisTaps> rowTaps, Func<int, int, AxisTaps> columnTaps) : Layer<TOperator>(source)
    where TOperator : Operator
{
    private readonly AxisTaps[] _rows = [.. Enumerable.Range(0, source.Output.Height).Select(y => rowTaps(y, source.Inputs[0].Height))];
    private readonly AxisTaps[] _columns = [.. Enumerable.Range(0, source.Output.Width).Select(x => columnTaps(x, source.Inputs[0].Width))];

    internal override long ScratchSize => Inputs[0].Width;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output), mixed = pass.Scratch;
        int width = Inputs[0].Width;
        for (int c = 0; c < Output.Channels; c++, x += Inputs[0].Plane)
        {
            foreach (AxisTaps row in _rows)
            {
                new Span<float>(mixed, width).Clear();
                for (int i = 0; i < row.Indices.Length; i++)
                    Elementwise.Map(x + ((nint)row.Indices[i] * width), mixed, width, new Elementwise.Multiple(row.Weights[i]), accumulate: true);
                foreach (AxisTaps column in _columns)
                {
                    float sum = 0;
                    for (int i = 0; i < column.Indices.Length; i++) sum += column.Weights[i] * mixed[column.Indices[i]];
                    *y++ = sum;
                }
            }
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* gx = pass.Gradient(Inputs[0]), g = pass.Gradient(Output), mixed = pass.Scratch;
        int width = Inputs[0].Width;
        if (!Accumulates[0]) new Span<float>(gx, Inputs[0].Count).Clear();
        for (int c = 0; c < Output.Channels; c++, gx += Inputs[0].Plane)
        {
            foreach (AxisTaps row in _rows)
            {
                new Span<float>(mixed, width).Clear();
                foreach (AxisTaps column in _columns)
                {
                    for (int i = 0; i < column.Indices.Length; i++) mixed[column.Indices[i]] += column.Weights[i] * *g;
                    g++;
                }

                for (int i = 0; i < row.Indices.Length; i++)
                    Elementwise.Map(mixed, gx + ((nint)row.Indices[i] * width), width, new Elementwise.Multiple(row.Weights[i]), accumulate: true);
            }
        }
    }
}

using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;
using Bitloom.Training.Networks;

namespace Bitloom.Training.Layers;

/// <summary>Channels to space; the gradient goes back to where each value came from.</summary>
internal sealed unsafe class PixelShuffleLayer(LayerSource source) : Layer<PixelShuffle>(source)
{
    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        int factor = Operator.Factor, width = Inputs[0].Width;
        for (int row = 0; row < Output.Channels * Output.Height; row++, y += Output.Width)
        {
            float* from = x + RowOffset(row);
            for (int j = 0; j < factor; j++, from += Inputs[0].Plane)
                for (int i = 0; i < width; i++) y[(i * factor) + j] = from[i];
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* gx = pass.Gradient(Inputs[0]), g = pass.Gradient(Output);
        int factor = Operator.Factor, width = Inputs[0].Width;
        for (int row = 0; row < Output.Channels * Output.Height; row++, g += Output.Width)
        {
            float* to = gx + RowOffset(row);
            for (int j = 0; j < factor; j++, to += Inputs[0].Plane)
            {
                if (Accumulates[0]) for (int i = 0; i < width; i++) to[i] += g[(i * factor) + j];
                else for (int i = 0; i < width; i++) to[i] = g[(i * factor) + j];
            }
        }
    }

    // Row y * factor + i of channel c mixes row y of the input channels from (c * factor + i) * factor on.
    private nint RowOffset(int row)
    {
        int factor = Operator.Factor, channel = row / Output.Height, y = row % Output.Height;
        return ((nint)((channel * factor) + (y % factor)) * factor * Inputs[0].Plane) + (y / factor * Inputs[0].Width);
    }
}

/// <summary>Chosen channels; the gradients of all copies of a channel add up.</summary>
internal sealed unsafe class SelectChannelsLayer(LayerSource source) : Layer<SelectChannels>(source)
{
    internal override void Forward(in ImagePass pass)
    {
        for (int c = 0; c < Output.Channels; c++)
            Elementwise.Copy(pass.Value(Inputs[0]) + ((nint)Operator.Channels[c] * Output.Plane), pass.Value(Output) + ((nint)c * Output.Plane), Output.Plane, accumulate: false);
    }

    internal override void Backward(in ImagePass pass)
    {
        TensorSlot input = Inputs[0];
        if (!Accumulates[0]) new Span<float>(pass.Gradient(input), input.Count).Clear();
        for (int c = 0; c < Output.Channels; c++)
            Elementwise.Copy(pass.Gradient(Output) + ((nint)c * Output.Plane), pass.Gradient(input) + ((nint)Operator.Channels[c] * Output.Plane), Output.Plane, accumulate: true);
    }
}

/// <summary>Channels one after the other; each input receives its part of the gradient.</summary>
internal sealed unsafe class ConcatLayer(LayerSource source) : Layer<Concat>(source)
{
    internal override void Forward(in ImagePass pass)
    {
        float* y = pass.Value(Output);
        foreach (TensorSlot input in Inputs)
        {
            Elementwise.Copy(pass.Value(input), y, input.Count, accumulate: false);
            y += input.Count;
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* g = pass.Gradient(Output);
        for (int i = 0; i < Inputs.Length; g += Inputs[i++].Count)
            if (Inputs[i].NeedsGradient) Elementwise.Copy(g, pass.Gradient(Inputs[i]), Inputs[i].Count, Accumulates[i]);
    }
}

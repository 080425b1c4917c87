using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;
using Bitloom.Training.Networks;

namespace Bitloom.Training.Layers;

/// <summary>The upper left part of the first input; the second gives its size alone, so its gradient is 0.</summary>
internal sealed unsafe class CropLikeLayer(LayerSource source) : Layer<CropLike>(source)
{
    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        for (int c = 0; c < Output.Channels; c++, x += Inputs[0].Plane)
            for (int row = 0; row < Output.Height; row++, y += Output.Width)
                Elementwise.Copy(x + ((nint)row * Inputs[0].Width), y, Output.Width, accumulate: false);
    }

    internal override void Backward(in ImagePass pass)
    {
        for (int i = 0; i < Inputs.Length; i++)
            if (Inputs[i].NeedsGradient && !Accumulates[i]) new Span<float>(pass.Gradient(Inputs[i]), Inputs[i].Count).Clear();
        TensorSlot input = Inputs[0];
        if (!input.NeedsGradient) return;
        float* gx = pass.Gradient(input), g = pass.Gradient(Output);
        for (int c = 0; c < Output.Channels; c++, gx += input.Plane)
            for (int row = 0; row < Output.Height; row++, g += Output.Width)
                Elementwise.Copy(g, gx + ((nint)row * input.Width), Output.Width, accumulate: true);
    }
}

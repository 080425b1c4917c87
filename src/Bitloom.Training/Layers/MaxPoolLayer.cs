using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Layers;

/// <summary>The maximum over a window; the gradient goes to the pixel that held it, the first of equals.</summary>
internal sealed unsafe class MaxPoolLayer(LayerSource source) : Layer<MaxPool>(source)
{
    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        for (int c = 0; c < Output.Channels; c++, x += Inputs[0].Plane)
            for (int row = 0; row < Output.Height; row++)
                for (int column = 0; column < Output.Width; column++) *y++ = x[Largest(x, row, column)];
    }

    internal override void Backward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), gx = pass.Gradient(Inputs[0]), g = pass.Gradient(Output);
        if (!Accumulates[0]) new Span<float>(gx, Inputs[0].Count).Clear();
        for (int c = 0; c < Output.Channels; c++, x += Inputs[0].Plane, gx += Inputs[0].Plane)
            for (int row = 0; row < Output.Height; row++)
                for (int column = 0; column < Output.Width; column++) gx[Largest(x, row, column)] += *g++;
    }

    private int Largest(float* x, int row, int column)
    {
        Window window = Operator.Window;
        int found = -1;
        for (int ky = 0; ky < Operator.Kernel.Rows; ky++)
        {
            int from = (row * window.StrideY) - window.PadTop + (ky * window.DilationY);
            if (from < 0 || from >= Inputs[0].Height) continue;
            for (int kx = 0; kx < Operator.Kernel.Columns; kx++)
            {
                int at = (column * window.StrideX) - window.PadLeft + (kx * window.DilationX);
                if (at < 0 || at >= Inputs[0].Width) continue;
                int index = (from * Inputs[0].Width) + at;
                if (found < 0 || x[index] > x[found]) found = index;
            }
        }

        return found;
    }
}

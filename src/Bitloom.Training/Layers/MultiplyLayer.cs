using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary><c>a * b</c>: each receives the gradient times the other.</summary>
internal sealed unsafe class MultiplyLayer(LayerSource source) : Layer<Multiply>(source)
{
    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Inputs[1]), pass.Value(Output), Output.Count, default(Elementwise.Product));

    internal override void Backward(in ImagePass pass)
    {
        for (int i = 0; i < 2; i++)
            if (Inputs[i].NeedsGradient)
                Elementwise.Map(pass.Gradient(Output), pass.Value(Inputs[1 - i]), pass.Gradient(Inputs[i]), Output.Count, default(Elementwise.Product), Accumulates[i]);
    }
}

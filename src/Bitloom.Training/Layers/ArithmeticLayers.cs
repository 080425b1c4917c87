using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary><c>a + b</c>: both receive the gradient.</summary>
internal sealed unsafe class AddLayer(LayerSource source) : Layer<Add>(source)
{
    internal override void Forward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Inputs[1]), pass.Value(Output), Output.Count, default(Elementwise.Total));

    internal override void Backward(in ImagePass pass)
    {
        for (int i = 0; i < Inputs.Length; i++)
            if (Inputs[i].NeedsGradient) Elementwise.Copy(pass.Gradient(Output), pass.Gradient(Inputs[i]), Output.Count, Accumulates[i]);
    }
}

/// <summary><c>a - b</c>: b receives the negative gradient.</summary>
internal sealed unsafe class SubtractLayer(LayerSource source) : Layer<Subtract>(source)
{
    internal override void Forward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Inputs[1]), pass.Value(Output), Output.Count, default(Elementwise.Difference));

    internal override void Backward(in ImagePass pass)
    {
        if (Inputs[0].NeedsGradient) Elementwise.Copy(pass.Gradient(Output), pass.Gradient(Inputs[0]), Output.Count, Accumulates[0]);
        if (Inputs[1].NeedsGradient) Elementwise.Map(pass.Gradient(Output), pass.Gradient(Inputs[1]), Output.Count, new Elementwise.Multiple(-1), Accumulates[1]);
    }
}

/// <summary><c>x * factor</c>.</summary>
internal sealed unsafe class ScaleLayer(LayerSource source) : Layer<Scale>(source)
{
    internal override void Forward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Output), Output.Count, new Elementwise.Multiple(Operator.Factor));

    internal override void Backward(in ImagePass pass) =>
        Elementwise.Map(pass.Gradient(Output), pass.Gradient(Inputs[0]), Output.Count, new Elementwise.Multiple(Operator.Factor), Accumulates[0]);
}

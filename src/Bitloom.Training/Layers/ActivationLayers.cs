using System.Runtime.Intrinsics;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary><c>x >= 0 ? x : 0</c>. At 0 the derivative is 0, as in PyTorch.</summary>
internal sealed unsafe class ReluLayer(LayerSource source) : Layer<Relu>(source)
{
    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass) => Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Output), Output.Count, new LeakyReluLayer.Leak(0));

    internal override void Backward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Gradient(Output), pass.Gradient(Inputs[0]), Output.Count, new LeakyReluLayer.LeakGradient(0), Accumulates[0]);
}

/// <summary><c>x >= 0 ? x : x * slope</c>. At 0 the derivative is the slope, as in PyTorch.</summary>
internal sealed unsafe class LeakyReluLayer(LayerSource source) : Layer<LeakyRelu>(source)
{
    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass) => Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Output), Output.Count, new Leak(Operator.Slope));

    internal override void Backward(in ImagePass pass) =>
        Elementwise.Map(pass.Value(Inputs[0]), pass.Gradient(Output), pass.Gradient(Inputs[0]), Output.Count, new LeakGradient(Operator.Slope), Accumulates[0]);

    internal readonly struct Leak(float slope) : IUnaryFunction
    {
        private readonly Vector512<float> _slope = Vector512.Create(slope);

        public Vector512<float> Apply(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), x, x * _slope);
    }

    internal readonly struct LeakGradient(float slope) : IBinaryFunction
    {
        private readonly Vector512<float> _slope = Vector512.Create(slope);

        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), g, g * _slope);
    }
}

using System.Runtime.Intrinsics;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Layers;

/// <summary>
/// sign(x), whose derivative in training is that of a <see cref="Surrogate"/>. With scalable tanh, alpha has the gradient
/// <c>sum(g * x * (1 - tanh(alpha x)^2))</c>.
/// </summary>
internal sealed unsafe class SignLayer : Layer<Sign>
{
    private readonly Surrogate _surrogate;
    private readonly int _alpha;

    internal SignLayer(LayerSource source)
        : base(source)
    {
        _surrogate = source.Settings.Of(source.Name);
        if (_surrogate == Surrogate.ScalableTanh) _alpha = source.Parameters.Find(ParameterCollector.AlphaOf(source.Name)).Offset;
    }

    internal override bool HasTrainedParameters => _surrogate == Surrogate.ScalableTanh;

    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass) => Elementwise.Map(pass.Value(Inputs[0]), pass.Value(Output), Output.Count, default(HardSign));

    internal override void Backward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output), gx = pass.Gradient(Inputs[0]);
        if (_surrogate == Surrogate.ScalableTanh)
        {
            float alpha = pass.Parameters[_alpha];
            pass.Gradients[_alpha] += Elementwise.Sum(x, g, Output.Count, new AlphaGradient(alpha));
            if (Inputs[0].NeedsGradient) Elementwise.Map(x, g, gx, Output.Count, new TanhGradient(alpha), Accumulates[0]);
        }
        else if (Inputs[0].NeedsGradient && _surrogate == Surrogate.Quad) Elementwise.Map(x, g, gx, Output.Count, default(QuadGradient), Accumulates[0]);
        else if (Inputs[0].NeedsGradient) Elementwise.Map(x, g, gx, Output.Count, default(ClipGradient), Accumulates[0]);
    }

    // 1 - tanh(z)^2 = 4 e / (1 + e)^2 with e = exp(-2|z|), which cannot overflow.
    private static Vector512<float> SquaredSecant(Vector512<float> z)
    {
        Vector512<float> e = Vector512.Exp(Vector512.Abs(z) * -2f), sum = e + Vector512<float>.One;
        return e * 4f / (sum * sum);
    }

    internal readonly struct HardSign : IUnaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), Vector512<float>.One, Vector512.Create(-1f));
    }

    internal readonly struct ClipGradient : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) =>
            Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512<float>.One), g, Vector512<float>.Zero);
    }

    private readonly struct QuadGradient : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) =>
            g * Vector512.Max(Vector512.Create(2f) - (Vector512.Abs(x) * 2f), Vector512<float>.Zero);
    }

    private readonly struct TanhGradient(float alpha) : IBinaryFunction
    {
        private readonly Vector512<float> _alpha = Vector512.Create(alpha);

        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) => g * _alpha * SquaredSecant(x * _alpha);
    }

    private readonly struct AlphaGradient(float alpha) : IBinaryFunction
    {
        private readonly Vector512<float> _alpha = Vector512.Create(alpha);

        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) => g * x * SquaredSecant(x * _alpha);
    }
}

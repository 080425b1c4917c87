using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Layers;

/// <summary>A function of one value with its derivative, computed value by value.</summary>
internal interface IScalarFunction
{
    float Value(float x);

    float Derivative(float x);
}

/// <summary>An elementwise activation of the fp32 parts of networks; these are small, so it is not vectorised.</summary>
internal sealed unsafe class ScalarActivationLayer<TOperator, TFunction>(LayerSource source, TFunction function) : Layer<TOperator>(source)
    where TOperator : Operator
    where TFunction : struct, IScalarFunction
{
    internal override bool ReadsInputs => true;

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        for (int i = 0; i < Output.Count; i++) y[i] = function.Value(x[i]);
    }

    internal override void Backward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output), gx = pass.Gradient(Inputs[0]);
        for (int i = 0; i < Output.Count; i++) gx[i] = (Accumulates[0] ? gx[i] : 0) + (g[i] * function.Derivative(x[i]));
    }
}

/// <summary><c>min(max(x, least), most)</c>.</summary>
internal readonly struct ClipFunction(float least, float most) : IScalarFunction
{
    public float Value(float x) => Math.Min(Math.Max(x, least), most);

    public float Derivative(float x) => x >= least && x <= most ? 1 : 0;
}

/// <summary><c>1 / (1 + exp(-x))</c>.</summary>
internal readonly struct SigmoidFunction : IScalarFunction
{
    public float Value(float x) => (float)(1 / (1 + Math.Exp(-(double)x)));

    public float Derivative(float x) => Value(x) * (1 - Value(x));
}

/// <summary><c>min(max(x * scale + bias, 0), 1)</c>.</summary>
internal readonly struct HardSigmoidFunction(float scale, float bias) : IScalarFunction
{
    public float Value(float x) => Math.Min(Math.Max((x * scale) + bias, 0f), 1f);

    public float Derivative(float x) => (x * scale) + bias is > 0 and < 1 ? scale : 0;
}

/// <summary><c>x * min(max(x / 6 + 1/2, 0), 1)</c>.</summary>
internal readonly struct HardSwishFunction : IScalarFunction
{
    public float Value(float x) => x * Math.Min(Math.Max((x * (1f / 6)) + 0.5f, 0f), 1f);

    public float Derivative(float x) => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5f;
}

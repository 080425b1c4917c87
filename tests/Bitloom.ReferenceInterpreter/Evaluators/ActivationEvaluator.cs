using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Elementwise activations in fp32; the casts forbid any wider intermediate result.</summary>
internal static class ActivationEvaluator
{
    internal static Tensor Relu(Tensor x) => x.Map((value, _) => value >= 0 ? value : 0f);

    internal static Tensor LeakyRelu(LeakyRelu activation, Tensor x) => x.Map((value, _) => Leak(value, activation.Slope));

    internal static Tensor PRelu(PRelu activation, Tensor x) => x.Map((value, channel) => Leak(value, activation.Slope.Values[channel]));

    internal static Tensor RPRelu(RPRelu activation, Tensor x) => x.Map((value, channel) =>
    {
        float shifted = (float)(value + activation.Shift.Values[channel]);
        float bent = Leak(shifted, activation.Slope.Values[channel]);
        return (float)(bent + activation.Offset.Values[channel]);
    });

    internal static Tensor Clip(Clip clip, Tensor x) => x.Map((value, _) => Math.Min(Math.Max(value, clip.Least), clip.Most));

    internal static Tensor HardSigmoid(HardSigmoid activation, Tensor x) =>
        x.Map((value, _) => Math.Min(Math.Max((float)((float)(value * activation.Scale) + activation.Bias), 0f), 1f));

    internal static Tensor HardSwish(Tensor x) =>
        x.Map((value, _) => (float)(value * Math.Min(Math.Max((float)((float)(value * (1f / 6)) + 0.5f), 0f), 1f)));

    /// <summary>In double, rounded once: kernels agree to rounding.</summary>
    internal static Tensor Sigmoid(Tensor x) => x.Map((value, _) => (float)(1 / (1 + Math.Exp(-(double)value))));

    /// <inheritdoc cref="Sigmoid"/>
    internal static Tensor Gelu(Tensor x) => x.Map((value, _) => (float)(value / 2.0 * (1 + ErrorFunction.Erf(value / Math.Sqrt(2)))));

    private static float Leak(float value, float slope) => value >= 0 ? value : (float)(value * slope);
}

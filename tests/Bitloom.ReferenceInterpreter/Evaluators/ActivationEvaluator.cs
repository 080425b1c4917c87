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

    private static float Leak(float value, float slope) => value >= 0 ? value : (float)(value * slope);
}

using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Scale and bias a channel: a rounded product, then a rounded sum; an absent part does nothing at all.</summary>
internal static class AffineEvaluator
{
    internal static Tensor Evaluate(Affine affine, Tensor x) => x.Map((value, channel) =>
    {
        if (affine.Scale is { } scale) value = (float)(value * scale.Values[channel]);
        if (affine.Bias is { } bias) value = (float)(value + bias.Values[channel]);
        return value;
    });
}

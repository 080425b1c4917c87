using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Arithmetic of whole tensors, one fp32 rounding a value.</summary>
internal static class ArithmeticEvaluator
{
    internal static Tensor Add(Tensor left, Tensor right) => Combine(left, right, (a, b) => (float)(a + b));

    internal static Tensor Subtract(Tensor left, Tensor right) => Combine(left, right, (a, b) => (float)(a - b));

    internal static Tensor Multiply(Tensor left, Tensor right) => Combine(left, right, (a, b) => (float)(a * b));

    internal static Tensor Scale(Scale scale, Tensor x) => x.Map((value, _) => (float)(value * scale.Factor));

    private static Tensor Combine(Tensor left, Tensor right, Func<float, float, float> function) =>
        new(left.Channels, left.Height, left.Width, [.. left.Values.Zip(right.Values, function)]);
}

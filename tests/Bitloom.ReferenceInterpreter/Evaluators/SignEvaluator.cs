namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Signs of real values; 0 and -0 give +1.</summary>
internal static class SignEvaluator
{
    internal static Tensor Evaluate(Tensor x) => x.Map((value, _) => float.IsNaN(value)
        ? throw new ArithmeticException("The input of a Sign holds NaN, which has no sign.")
        : value >= 0 ? 1f : -1f);
}

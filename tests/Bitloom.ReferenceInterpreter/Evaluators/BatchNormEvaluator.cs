using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Batch normalisation in double, rounded once: engines that fold it into a scale and a bias agree within a tolerance.</summary>
internal static class BatchNormEvaluator
{
    internal static Tensor Evaluate(BatchNorm norm, Tensor x) => x.Map((value, channel) =>
    {
        double deviation = Math.Sqrt((double)norm.Variance.Values[channel] + norm.Epsilon);
        double normal = ((double)value - norm.Mean.Values[channel]) / deviation;
        return (float)((normal * norm.Gamma.Values[channel]) + norm.Beta.Values[channel]);
    });
}

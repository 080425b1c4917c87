using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  x -> BatchNorm(gamma, beta, mean, variance)
/// after:   x -> Affine(gamma / sqrt(variance + epsilon), beta - mean * gamma / sqrt(variance + epsilon))
/// </code>
/// Computed in double precision, rounded once.
/// </summary>
internal static class FoldBatchNormPass
{
    internal static NetworkGraph Run(NetworkGraph graph) =>
        graph with { Nodes = graph.Nodes.Select(n => n.Operator is BatchNorm norm ? n with { Operator = Fold(n.Name, norm) } : n).ToEquatableArray() };

    private static Affine Fold(string name, BatchNorm norm)
    {
        int channels = norm.Gamma.Values.Count;
        var scale = new float[channels];
        var bias = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double factor = norm.Gamma.Values[c] / Math.Sqrt((double)norm.Variance.Values[c] + norm.Epsilon);
            scale[c] = (float)factor;
            bias[c] = (float)(norm.Beta.Values[c] - (norm.Mean.Values[c] * factor));
        }

        return new Affine(FloatTensor.Vector(name + ".scale", scale), FloatTensor.Vector(name + ".bias", bias));
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Networks;

namespace Bitloom.Training.Parameters;

/// <summary>A constant of a graph before it has a place.</summary>
internal sealed record InitialParameter(string Name, EquatableArray<int> Shape, ParameterRole Role, float[] Values);

/// <summary>Finds what a graph's nodes train: their constants, the real weights of binary convolutions, and the surrogates' alphas.</summary>
internal static class ParameterCollector
{
    internal static IEnumerable<InitialParameter> Collect(NetworkGraph graph, TrainingSettings settings) =>
        LiftedNode.Lift(graph).SelectMany(lifted => Collect(lifted, settings));

    /// <summary>The name of the alpha of a Sign.</summary>
    internal static string AlphaOf(string sign) => sign + ".beta";

    private static IEnumerable<InitialParameter> Collect(LiftedNode lifted, TrainingSettings settings)
    {
        switch (lifted.Node.Operator)
        {
            case Sign when settings.Of(lifted.Node.Name) == Surrogate.ScalableTanh:
                return [new InitialParameter(AlphaOf(lifted.Node.Name), [1], ParameterRole.Weight, [1])];
            case BinaryConv2d binary:
                Affine? affine = lifted.ScaleNode?.Operator as Affine;
                IEnumerable<InitialParameter> latent = [new InitialParameter(binary.Weight.Name, binary.Weight.Shape, ParameterRole.LatentWeight, Latent(binary.Weight, affine?.Scale))];
                return affine?.Bias is { } bias ? latent.Append(Lift(bias, ParameterRole.Weight)) : latent;
            case BatchNorm norm:
                return [Lift(norm.Gamma, ParameterRole.Weight), Lift(norm.Beta, ParameterRole.Weight), Lift(norm.Mean, ParameterRole.Statistic), Lift(norm.Variance, ParameterRole.Statistic)];
            default:
                return lifted.Node.Operator.FloatWeights.Select(w => Lift(w, ParameterRole.Weight));
        }
    }

    private static InitialParameter Lift(FloatTensor tensor, ParameterRole role) => new(tensor.Name, tensor.Shape, role, [.. tensor.Values]);

    private static float[] Latent(BitTensor bits, FloatTensor? scale)
    {
        int perOutput = bits.BitsPerOutput;
        return [.. Enumerable.Range(0, bits.Shape[0] * perOutput).Select(i => (bits[i / perOutput, i % perOutput] ? 1 : -1) * Math.Abs(scale?.Values[i / perOutput] ?? 1))];
    }
}

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
    private const string Scores = ".scores";

    internal static IEnumerable<InitialParameter> Collect(NetworkGraph graph, TrainingSettings settings) =>
        LiftedNode.Lift(graph).SelectMany(lifted => Collect(lifted, settings));

    /// <summary>The name of the alpha of a Sign.</summary>
    internal static string AlphaOf(string sign) => sign + ".beta";

    /// <summary>The name of the scores of a shift's offsets.</summary>
    internal static string ShiftScoresOf(string shift) => shift + Scores;

    /// <summary>True for the name of such scores.</summary>
    internal static bool IsShiftScores(string parameter) => parameter.EndsWith(Scores, StringComparison.Ordinal);

    /// <summary>How many offsets a shift has of its own: one, or one a channel.</summary>
    internal static int OffsetsOf(Shift shift) => Math.Max(shift.Rows.Count, shift.Columns.Count);

    // The graph's own offset has the score 1, all others 0.
    private static InitialParameter ShiftScores(string name, Shift shift, int reach)
    {
        int offsets = OffsetsOf(shift), side = (2 * reach) + 1;
        var scores = new float[offsets * side * side];
        for (int i = 0; i < offsets; i++)
        {
            (int rows, int columns) = shift.Of(i);
            if (Math.Max(Math.Abs(rows), Math.Abs(columns)) > reach)
                throw new TrainingException(Invariant($"node '{name}' shifts by ({rows}, {columns}), but learned offsets reach {reach}: set ShiftReach to more"));
            scores[(i * side * side) + ((rows + reach) * side) + columns + reach] = 1;
        }

        return new InitialParameter(ShiftScoresOf(name), [offsets, side * side], ParameterRole.Weight, scores);
    }

    private static IEnumerable<InitialParameter> Collect(LiftedNode lifted, TrainingSettings settings)
    {
        switch (lifted.Node.Operator)
        {
            case Sign when settings.Of(lifted.Node.Name) == Surrogate.ScalableTanh:
                return [new InitialParameter(AlphaOf(lifted.Node.Name), [1], ParameterRole.Slope, [1])];
            case Shift shift when settings.LearnsShift(lifted.Node.Name):
                return [ShiftScores(lifted.Node.Name, shift, settings.ShiftReach)];
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

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>Names for the weights of merged networks: one for all branches where values are equal, else after the branch.</summary>
internal static class WeightNaming
{
    private const string SharedPrefix = "shared.";

    /// <summary>The operators of every branch with weights under names that are unique in the merged network.</summary>
    internal static IReadOnlyList<Operator>[] Name(OperatorChain[] chains, GatePart[] parts)
    {
        var named = chains.Select(_ => new List<Operator>()).ToArray();
        for (int step = 0; step < chains[0].Operators.Count; step++)
        {
            FloatTensor[][] floats = [.. chains.Select(c => c.Operators[step].FloatWeights.ToArray())];
            BitTensor[][] bits = [.. chains.Select(c => c.Operators[step].BitWeights.ToArray())];
            bool sameCount = floats.All(f => f.Length == floats[0].Length);
            bool[] areEqual = [.. Enumerable.Range(0, floats[0].Length).Select(w => sameCount && floats.All(f => f[w].Values == floats[0][w].Values && f[w].Shape == floats[0][w].Shape))];
            for (int b = 0; b < chains.Length; b++)
            {
                int at = 0;
                named[b].Add(Replace(
                    chains[b].Operators[step],
                    weight => (sameCount && areEqual[at] ? floats[0][at] with { Name = SharedPrefix + floats[0][at].Name } : weight with { Name = $"{parts[b].Name}.{weight.Name}" }, at++).Item1,
                    _ => bits[0][0] with { Name = SharedPrefix + bits[0][0].Name }));
            }
        }

        return named;
    }

    /// <summary>An operator with every weight replaced, in the order of <see cref="Operator.FloatWeights"/>.</summary>
    internal static Operator Replace(Operator @operator, Func<FloatTensor, FloatTensor> floats, Func<BitTensor, BitTensor> bits) => @operator switch
    {
        Conv2d o => o with { Weight = floats(o.Weight), Bias = Optional(o.Bias, floats) },
        BinaryConv2d o => o with { Weight = bits(o.Weight) },
        Affine o => new Affine(Optional(o.Scale, floats), Optional(o.Bias, floats)),
        PRelu o => new PRelu(floats(o.Slope)),
        RPRelu o => new RPRelu(floats(o.Shift), floats(o.Slope), floats(o.Offset)),
        BatchNorm o => o with { Gamma = floats(o.Gamma), Beta = floats(o.Beta), Mean = floats(o.Mean), Variance = floats(o.Variance) },
        LayerNorm o => o with { Gamma = floats(o.Gamma), Beta = floats(o.Beta) },
        _ when !@operator.FloatWeights.Any() && !@operator.BitWeights.Any() => @operator,
        _ => throw new InvalidOperationException($"The weights of {@operator.Kind} cannot be renamed: add it to {nameof(WeightNaming)}."),
    };

    private static FloatTensor? Optional(FloatTensor? weight, Func<FloatTensor, FloatTensor> floats) => weight is null ? null : floats(weight);
}

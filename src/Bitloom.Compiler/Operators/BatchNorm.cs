using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>Batch normalisation at inference: <c>(x - mean[c]) / sqrt(variance[c] + epsilon) * gamma[c] + beta[c]</c>.</summary>
public sealed record BatchNorm(FloatTensor Gamma, FloatTensor Beta, FloatTensor Mean, FloatTensor Variance, float Epsilon) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "BatchNorm";

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Gamma, Beta, Mean, Variance];

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        FloatWeights.Select(w => CheckPerChannel(w, inputs[0].Channels)).FirstOrDefault(e => e is not null) is { } error
            ? InferredShape.Fail(error) : inputs[0];
}

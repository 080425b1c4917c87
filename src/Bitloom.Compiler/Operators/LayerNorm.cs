using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Layer normalisation over the channels of each pixel: <c>(x - mean) / sqrt(variance + epsilon) * gamma[c] + beta[c]</c>, with the
/// population variance (Ba, Kiros, Hinton, Layer Normalization, 2016; PyTorch's LayerNorm on channels-last data).
/// </summary>
/// <param name="Gamma">One value a channel.</param>
/// <param name="Beta">One value a channel.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record LayerNorm(FloatTensor Gamma, FloatTensor Beta, float Epsilon) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "LayerNorm";

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Gamma, Beta];

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        (CheckPerChannel(Gamma, inputs[0].Channels) ?? CheckPerChannel(Beta, inputs[0].Channels)) is { } error ? InferredShape.Fail(error) : inputs[0];
}

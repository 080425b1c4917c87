using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary><c>y[c] = x[c] * scale[c] + bias[c]</c>, the product rounded to fp32 before the sum. Either part may be absent.</summary>
/// <param name="Scale">One value a channel, or null for 1.</param>
/// <param name="Bias">One value a channel, or null for 0.</param>
public sealed record Affine(FloatTensor? Scale, FloatTensor? Bias) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Affine";

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => new[] { Scale, Bias }.OfType<FloatTensor>();

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        (CheckPerChannel(Scale, inputs[0].Channels) ?? CheckPerChannel(Bias, inputs[0].Channels)) is { } error
            ? InferredShape.Fail(error) : inputs[0];
}

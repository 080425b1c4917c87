using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary><c>x >= 0 ? x : 0</c>.</summary>
public sealed record Relu : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Relu";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary><c>x >= 0 ? x : x * slope</c> with one slope for all channels.</summary>
public sealed record LeakyRelu(float Slope) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "LeakyRelu";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary><c>x >= 0 ? x : x * slope[c]</c>. A slope may be negative.</summary>
public sealed record PRelu(FloatTensor Slope) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "PRelu";

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Slope];

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        CheckPerChannel(Slope, inputs[0].Channels) is { } error ? InferredShape.Fail(error) : inputs[0];
}

/// <summary>
/// ReActNet's shifted PReLU: <c>PRelu(x + shift[c], slope[c]) + offset[c]</c>.
/// (The papers write PReLU(x - g) + z: shift = -g, offset = z.)
/// </summary>
public sealed record RPRelu(FloatTensor Shift, FloatTensor Slope, FloatTensor Offset) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "RPRelu";

    /// <inheritdoc/>
    public override IEnumerable<FloatTensor> FloatWeights => [Shift, Slope, Offset];

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        int channels = inputs[0].Channels;
        return (CheckPerChannel(Shift, channels) ?? CheckPerChannel(Slope, channels) ?? CheckPerChannel(Offset, channels)) is { } error
            ? InferredShape.Fail(error) : inputs[0];
    }
}

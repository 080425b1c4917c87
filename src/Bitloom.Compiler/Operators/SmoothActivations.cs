using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary><c>min(max(x, least), most)</c>; ReLU6 is 0 to 6.</summary>
public sealed record Clip(float Least, float Most) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Clip";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        Least <= Most ? inputs[0] : InferredShape.Fail("the least value is larger than the most");
}

/// <summary><c>1 / (1 + exp(-x))</c>.</summary>
public sealed record Sigmoid : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Sigmoid";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary><c>min(max(x * scale + bias, 0), 1)</c>; PyTorch's has scale 1/6 and bias 1/2.</summary>
public sealed record HardSigmoid(float Scale, float Bias) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "HardSigmoid";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary><c>x * min(max(x / 6 + 1/2, 0), 1)</c>.</summary>
public sealed record HardSwish : Operator
{
    /// <inheritdoc/>
    public override string Kind => "HardSwish";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary><c>x / 2 * (1 + erf(x / sqrt(2)))</c>.</summary>
public sealed record Gelu : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Gelu";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

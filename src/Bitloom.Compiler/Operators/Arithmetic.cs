using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>Sum of two tensors of equal shape.</summary>
public sealed record Add : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Add";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (2, 2);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => EqualShapes.Infer(inputs);
}

/// <summary>First tensor minus the second, of equal shape.</summary>
public sealed record Subtract : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Subtract";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (2, 2);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => EqualShapes.Infer(inputs);
}

/// <summary>Product of two tensors of equal shape, value by value.</summary>
public sealed record Multiply : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Multiply";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (2, 2);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => EqualShapes.Infer(inputs);
}

/// <summary><c>x * factor</c>.</summary>
public sealed record Scale(float Factor) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Scale";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

/// <summary>The shape rule of two-input arithmetic.</summary>
internal static class EqualShapes
{
    internal static InferredShape Infer(IReadOnlyList<TensorShape> inputs) =>
        inputs[0] == inputs[1] ? inputs[0] : InferredShape.Fail($"the inputs have different shapes, {inputs[0]} and {inputs[1]}");
}

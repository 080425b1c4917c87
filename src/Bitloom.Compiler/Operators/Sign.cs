using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary><c>+1 if x >= 0 else -1</c>; 0 and -0 give +1. Feeds binary convolutions.</summary>
public sealed record Sign : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Sign";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

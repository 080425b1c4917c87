using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Dynamic choice: the first input holds one score a branch (m x 1 x 1); the output is the one of the m inputs after it whose score
/// is largest, the first of equals. What only the others need is not computed. DRNet's resolution gate at inference (arXiv 2106.02898,
/// section 3.2): deterministic, the branches being the classifier at one resolution each.
/// </summary>
/// <param name="Branches">A name for each branch, e.g. <c>224</c>.</param>
public sealed record Gate(EquatableArray<string> Branches) : Operator
{
    /// <summary>Branches at most.</summary>
    public const int MostBranches = 16;

    /// <inheritdoc/>
    public override string Kind => "Gate";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (Branches.Count + 1, Branches.Count + 1);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (Branches.Count is < 2 or > MostBranches || Branches.Distinct().Count() != Branches.Count)
            return InferredShape.Fail($"a gate needs 2 to {MostBranches} branches with names of their own");
        var scores = new TensorShape(Branches.Count, Extent.Constant(1), Extent.Constant(1));
        if (inputs[0] != scores) return InferredShape.Fail($"the scores are {inputs[0]}, but {Branches.Count} branches need {scores}");
        return inputs.Skip(1).FirstOrDefault(i => i != inputs[1]) is { } other
            ? InferredShape.Fail($"branches make different shapes, {inputs[1]} and {other}") : inputs[1];
    }
}

/// <summary>For each pixel the index of the channel with the largest value, as fp32; the first of equals.</summary>
public sealed record ArgMax : Operator
{
    /// <inheritdoc/>
    public override string Kind => "ArgMax";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0].WithChannels(1);
}

/// <summary><c>exp(x[c]) / sum over c of exp(x[c])</c> for each pixel.</summary>
public sealed record Softmax : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Softmax";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>What a node computes, with its weights. Operators are immutable and compare by value.</summary>
public abstract record Operator
{
    /// <summary>The name used in descriptors.</summary>
    public abstract string Kind { get; }

    /// <summary>Least and greatest number of inputs.</summary>
    public virtual (int Least, int Most) Arity => (1, 1);

    /// <summary>The shape made from input shapes, or why they do not fit. Arity is checked before.</summary>
    public abstract InferredShape InferShape(IReadOnlyList<TensorShape> inputs);

    /// <summary>Multiply-accumulates for one output pixel of one channel; 0 for elementwise work.</summary>
    public virtual long MacsPerOutput => 0;

    /// <summary>The fp32 weights of this operator.</summary>
    public virtual IEnumerable<FloatTensor> FloatWeights => [];

    /// <summary>The one-bit weights of this operator.</summary>
    public virtual IEnumerable<BitTensor> BitWeights => [];

    /// <summary>Null where <paramref name="tensor"/> holds one value a channel, or a message.</summary>
    private protected static string? CheckPerChannel(FloatTensor? tensor, int channels) =>
        tensor is null || tensor.Values.Count == channels ? null
            : $"'{tensor.Name}' holds {tensor.Values.Count} values, but the input has {channels} channels: give one value a channel";
}

/// <summary>A shape, or the reason why there is none.</summary>
public readonly record struct InferredShape(TensorShape? Shape, string? Error)
{
    /// <summary>Wraps a shape.</summary>
    public static implicit operator InferredShape(TensorShape shape) => new(shape, null);

    /// <summary>Says why shapes do not fit and what would.</summary>
    public static InferredShape Fail(string error) => new(null, error);
}

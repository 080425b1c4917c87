using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Channels to space, PyTorch's order (DepthToSpace mode CRD): output channel c at (y * r + i, x * r + j) is input channel
/// <c>c * r * r + i * r + j</c> at (y, x).
/// </summary>
public sealed record PixelShuffle(int Factor) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "PixelShuffle";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        Factor < 1 || inputs[0].Channels % (Factor * Factor) != 0
            ? InferredShape.Fail($"{inputs[0].Channels} channels are not a multiple of {Factor} x {Factor}")
            : new TensorShape(inputs[0].Channels / (Factor * Factor), inputs[0].Height.Times(Factor), inputs[0].Width.Times(Factor));
}

/// <summary>Nearest-neighbour up-sampling by a whole factor: output (y, x) is input (y / r, x / r).</summary>
public sealed record ResizeNearest(int Factor) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "ResizeNearest";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Factor < 1
        ? InferredShape.Fail("the factor must be 1 or more")
        : new TensorShape(inputs[0].Channels, inputs[0].Height.Times(Factor), inputs[0].Width.Times(Factor));
}

/// <summary>
/// Bilinear up-sampling by a whole factor with half-pixel centres (align_corners = false): output row y reads at
/// <c>max(0, (y + 0.5) / r - 0.5)</c>, rows beyond the last repeat it; columns alike.
/// </summary>
public sealed record ResizeBilinear(int Factor) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "ResizeBilinear";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Factor < 1
        ? InferredShape.Fail("the factor must be 1 or more")
        : new TensorShape(inputs[0].Channels, inputs[0].Height.Times(Factor), inputs[0].Width.Times(Factor));
}

/// <summary>Output channel c is input channel <c>Channels[c]</c>: slicing, repeating and reordering in one.</summary>
public sealed record SelectChannels(EquatableArray<int> Channels) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "SelectChannels";

    /// <summary>BBCU's head skip: repeats the input's channels as a whole as often as they fit, then channel 0 until <paramref name="to"/>.</summary>
    public static SelectChannels RepeatThenFirst(int from, int to) =>
        new(Enumerable.Range(0, to).Select(c => c < to / from * from ? c % from : 0).ToEquatableArray());

    /// <summary>Channels <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    public static SelectChannels Slice(int start, int count) => new(Enumerable.Range(start, count).ToEquatableArray());

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        Channels.Count == 0 || Channels.Any(c => c < 0 || c >= inputs[0].Channels)
            ? InferredShape.Fail($"channel indices must lie between 0 and {inputs[0].Channels - 1}, and there must be at least one")
            : inputs[0].WithChannels(Channels.Count);
}

/// <summary>Tensors of equal height and width, one after the other along channels.</summary>
public sealed record Concat : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Concat";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (1, 64);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        inputs.FirstOrDefault(i => !i.HasSizeOf(inputs[0])) is { } other
            ? InferredShape.Fail($"heights and widths differ, {inputs[0]} and {other}")
            : inputs[0].WithChannels(inputs.Sum(i => i.Channels));
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>What stands in added rows and columns.</summary>
public enum PadMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The image reflected at its edge pixel, which is not repeated; needs one pixel more than is added.</summary>
    Reflect,
}

/// <summary>Adds rows and columns.</summary>
public sealed record Pad(int Top, int Left, int Bottom, int Right, PadMode Mode) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Pad";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0
        ? InferredShape.Fail("padding must be 0 or more: use Crop to remove rows and columns")
        : inputs[0] with { Height = inputs[0].Height.Derive(1, Top + Bottom, 1), Width = inputs[0].Width.Derive(1, Left + Right, 1) };
}

/// <summary>Adds rows below and columns to the right until height and width are multiples; nothing where they are already.</summary>
public sealed record PadToMultiple((int Rows, int Columns) Multiple, PadMode Mode) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "PadToMultiple";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Multiple.Rows < 1 || Multiple.Columns < 1
        ? InferredShape.Fail("a multiple must be 1 or more")
        : inputs[0] with { Height = Up(inputs[0].Height, Multiple.Rows), Width = Up(inputs[0].Width, Multiple.Columns) };

    private static Extent Up(Extent extent, int multiple) => extent.Derive(1, multiple - 1, multiple).Times(multiple);
}

/// <summary>Cuts rows and columns off.</summary>
public sealed record Crop(int Top, int Left, int Bottom, int Right) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Crop";

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) => Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0
        ? InferredShape.Fail("what is cut off must be 0 or more: use Pad to add rows and columns")
        : inputs[0] with { Height = inputs[0].Height.Derive(1, -(Top + Bottom), 1), Width = inputs[0].Width.Derive(1, -(Left + Right), 1) };
}

/// <summary>
/// The upper left part of the first input, as high and wide as the second, whose values do not matter: undoes
/// <see cref="PadToMultiple"/>. The first input must not be smaller than the second.
/// </summary>
public sealed record CropLike : Operator
{
    /// <inheritdoc/>
    public override string Kind => "CropLike";

    /// <inheritdoc/>
    public override (int Least, int Most) Arity => (2, 2);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        TooSmall(inputs[0].Height, inputs[1].Height) || TooSmall(inputs[0].Width, inputs[1].Width)
            ? InferredShape.Fail($"{inputs[0]} is smaller than {inputs[1]}, to whose size it should be cut")
            : inputs[1].WithChannels(inputs[0].Channels);

    private static bool TooSmall(Extent extent, Extent wanted) => extent is ConstantExtent have && wanted is ConstantExtent need && have.Value < need.Value;
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>
/// Moves channels by whole pixels: output channel c at (y, x) is input channel c at <c>(y + Rows[c], x + Columns[c])</c>, zero where that
/// lies outside the image. How GhostSR makes ghost features from intrinsic ones (arXiv 2101.08525, section 3.1); no arithmetic.
/// </summary>
/// <param name="Rows">Vertical offset of every channel, or one for all.</param>
/// <param name="Columns">Horizontal offset of every channel, or one for all.</param>
public sealed record Shift(EquatableArray<int> Rows, EquatableArray<int> Columns) : Operator
{
    /// <summary>Largest offset.</summary>
    public const int Farthest = 64;

    /// <inheritdoc/>
    public override string Kind => "Shift";

    /// <summary>Offset of a channel.</summary>
    public (int Rows, int Columns) Of(int channel) => (Rows.Count == 1 ? Rows[0] : Rows[channel], Columns.Count == 1 ? Columns[0] : Columns[channel]);

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        int channels = inputs[0].Channels;
        if ((Rows.Count != 1 && Rows.Count != channels) || (Columns.Count != 1 && Columns.Count != channels))
            return InferredShape.Fail($"{Rows.Count} vertical and {Columns.Count} horizontal offsets are given for {channels} channels: give one, or one a channel");
        return Rows.Concat(Columns).Any(o => Math.Abs(o) > Farthest)
            ? InferredShape.Fail(FormattableString.Invariant($"offsets must lie between -{Farthest} and {Farthest}")) : inputs[0];
    }
}

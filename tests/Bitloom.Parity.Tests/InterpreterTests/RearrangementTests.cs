using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.InterpreterTests;

/// <summary>Operators that move values, and resizing.</summary>
public sealed class RearrangementTests
{
    [Fact]
    public void PixelShuffle_spreads_four_channels_over_two_by_two_pixels()
    {
        var x = new Tensor(4, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]);
        Tensor result = SingleOperator.Run(new PixelShuffle(2), x);
        Assert.Equal((1, 2, 4), (result.Channels, result.Height, result.Width));
        Assert.Equal([1, 3, 2, 4, 5, 7, 6, 8], result.Values);
    }

    [Fact]
    public void Subsample_takes_every_stride_th_pixel_from_an_offset()
    {
        var op = new Subsample(OffsetY: 1, OffsetX: 0, StrideY: 1, StrideX: 2, Extent.Constant(1), Extent.Constant(2));
        Assert.Equal([4, 6], SingleOperator.Run(op, new Tensor(1, 2, 3, [1, 2, 3, 4, 5, 6])).Values);
    }

    [Fact]
    public void SelectChannels_reorders_and_repeats() =>
        Assert.Equal([3, 4, 1, 2, 3, 4], SingleOperator.Run(new SelectChannels([1, 0, 1]), new Tensor(2, 1, 2, [1, 2, 3, 4])).Values);

    [Fact]
    public void Head_skip_repeats_whole_groups_then_channel_zero() =>
        Assert.Equal([1, 2, 3, 1, 2, 3, 1, 1], SingleOperator.Run(SelectChannels.RepeatThenFirst(3, 8), new Tensor(3, 1, 1, [1, 2, 3])).Values);

    [Fact]
    public void Concat_puts_channels_one_after_the_other() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], SingleOperator.Run(new Concat(), new Tensor(1, 1, 2, [1, 2]), new Tensor(2, 1, 2, [3, 4, 5, 6])).Values);

    [Fact]
    public void ResizeNearest_repeats_pixels() =>
        Assert.Equal([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2], SingleOperator.Run(new ResizeNearest(3), new Tensor(1, 1, 2, [1, 2])).Values);

    [Fact]
    public void ResizeBilinear_has_half_pixel_centres()
    {
        // Positions -0.25 (clamped), 0.25, 0.75, 1.25 (repeats the last).
        Tensor result = SingleOperator.Run(new ResizeBilinear(2), new Tensor(1, 2, 2, [0, 4, 8, 12]));
        Assert.Equal([0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12], result.Values);
    }
}

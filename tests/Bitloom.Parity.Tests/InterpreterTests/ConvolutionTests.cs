using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.InterpreterTests;

/// <summary>Both convolutions against sums worked out by hand.</summary>
public sealed class ConvolutionTests
{
    private static readonly Tensor Counting = new(1, 3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);

    [Fact]
    public void Binary_sums_count_only_taps_inside_the_image()
    {
        var ones = new Tensor(1, 3, 3, [1, 1, 1, 1, 1, 1, 1, 1, 1]);
        var op = new BinaryConv2d(BitTensor.FromSigns("w", [1, 1, 3, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1]), Window.Padded(1));
        Assert.Equal([4, 6, 4, 6, 9, 6, 4, 6, 4], SingleOperator.Run(op, ones).Values);
    }

    [Fact]
    public void Binary_weights_multiply_signs()
    {
        var signs = new Tensor(2, 1, 2, [1, -1, -1, -1]);
        var op = new BinaryConv2d(BitTensor.FromSigns("w", [2, 2, 1, 1], [1, -1, -1, -1]), new Window());
        Assert.Equal([2, 0, 0, 2], SingleOperator.Run(op, signs).Values);
    }

    [Fact]
    public void Binary_groups_read_their_own_channels()
    {
        var signs = new Tensor(4, 1, 1, [1, 1, -1, 1]);
        var op = new BinaryConv2d(BitTensor.FromSigns("w", [2, 2, 1, 1], [1, 1, 1, 1]), new Window(), Groups: 2);
        Assert.Equal([2, 0], SingleOperator.Run(op, signs).Values);
    }

    [Fact]
    public void Binary_convolution_of_other_values_than_signs_is_refused()
    {
        var op = new BinaryConv2d(BitTensor.FromSigns("w", [1, 1, 1, 1], [1]), new Window());
        Assert.Contains("put a Sign before", Assert.Throws<InvalidOperationException>(() => SingleOperator.Run(op, Counting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convolution_is_cross_correlation_with_zero_padding()
    {
        var op = new Conv2d(Weight([1, 1, 1, 3], 1, 10, 100), FloatTensor.Vector("b", 0.5f), new Window(PadLeft: 1, PadRight: 1));
        Assert.Equal([210.5f, 321.5f, 32.5f, 540.5f, 654.5f, 65.5f, 870.5f, 987.5f, 98.5f], SingleOperator.Run(op, Counting).Values);
    }

    [Fact]
    public void Padding_may_differ_on_every_side()
    {
        // One row above and two columns to the right of a 2 x 2 kernel that reads its upper right corner.
        var op = new Conv2d(Weight([1, 1, 2, 2], 0, 1, 0, 0), null, new Window(PadTop: 1, PadRight: 2));
        Tensor result = SingleOperator.Run(op, Counting);
        Assert.Equal((3, 4), (result.Height, result.Width));
        Assert.Equal([0, 0, 0, 0, 2, 3, 0, 0, 5, 6, 0, 0], result.Values);
    }

    [Fact]
    public void Stride_skips_output_positions()
    {
        var op = new Conv2d(Weight([1, 1, 1, 1], 1), null, new Window(StrideY: 2, StrideX: 2));
        Assert.Equal([1, 3, 7, 9], SingleOperator.Run(op, Counting).Values);
    }

    [Fact]
    public void Dilation_spreads_the_taps()
    {
        var op = new Conv2d(Weight([1, 1, 2, 2], 1, 10, 100, 1000), null, new Window(DilationY: 2, DilationX: 2));
        Assert.Equal([9731f], SingleOperator.Run(op, Counting).Values);
    }

    [Fact]
    public void Groups_read_their_own_channels()
    {
        var x = new Tensor(4, 1, 1, [1, 2, 3, 4]);
        var op = new Conv2d(Weight([2, 2, 1, 1], 1, 10, 1, 10), null, new Window(), Groups: 2);
        Assert.Equal([21, 43], SingleOperator.Run(op, x).Values);
    }

    [Fact]
    public void Sums_are_rounded_once()
    {
        // In fp32, 2^24 + 1 + 1 stays at 2^24.
        var x = new Tensor(3, 1, 1, [16777216, 1, 1]);
        Assert.Equal([16777218f], SingleOperator.Run(new Conv2d(Weight([1, 3, 1, 1], 1, 1, 1), null, new Window()), x).Values);
    }

    private static FloatTensor Weight(EquatableArray<int> shape, params float[] values) => new("w", shape, EquatableArray.Adopt(values));
}

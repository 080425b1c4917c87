using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.InterpreterTests;

/// <summary>Elementwise operators against values worked out by hand.</summary>
public sealed class ElementwiseTests
{
    private static readonly Tensor TwoChannels = new(2, 1, 3, [-2, 0, 3, -4, -0.0f, 5]);

    // 1 + 2^-12; its square is 1 + 2^-11 + 2^-24, which rounds to 1 + 2^-11 in fp32.
    private const float JustAboveOne = 1.000244140625f;

    [Fact]
    public void Sign_of_both_zeros_is_plus_one() =>
        Assert.Equal([-1, 1, 1, -1, 1, 1], SingleOperator.Run(new Sign(), TwoChannels).Values);

    [Fact]
    public void Sign_of_NaN_is_refused() =>
        Assert.Throws<ArithmeticException>(() => SingleOperator.Run(new Sign(), new Tensor(1, 1, 1, [float.NaN])));

    [Fact]
    public void Relu_keeps_what_is_not_negative() =>
        Assert.Equal([0, 0, 3, 0, 0, 5], SingleOperator.Run(new Relu(), TwoChannels).Values);

    [Fact]
    public void LeakyRelu_multiplies_negative_values() =>
        Assert.Equal([-0.5f, 0, 3, -1, 0, 5], SingleOperator.Run(new LeakyRelu(0.25f), TwoChannels).Values);

    [Fact]
    public void PRelu_has_a_slope_a_channel_which_may_be_negative() =>
        Assert.Equal([-1, 0, 3, 8, 0, 5], SingleOperator.Run(new PRelu(FloatTensor.Vector("a", 0.5f, -2)), TwoChannels).Values);

    [Fact]
    public void RPRelu_shifts_bends_and_offsets()
    {
        var op = new RPRelu(FloatTensor.Vector("g", 1, -1), FloatTensor.Vector("a", 0.5f, -2), FloatTensor.Vector("z", 10, 20));

        // Channel 0: -1, 1, 4 -> -0.5, 1, 4. Channel 1: -5, -1, 4 -> 10, 2, 4.
        Assert.Equal([9.5f, 11, 14, 30, 22, 24], SingleOperator.Run(op, TwoChannels).Values);
    }

    [Fact]
    public void Affine_scales_then_adds()
    {
        var op = new Affine(FloatTensor.Vector("k", 2, 0.5f), FloatTensor.Vector("b", 1, -1));
        Assert.Equal([-3, 1, 7, -3, -1, 1.5f], SingleOperator.Run(op, TwoChannels).Values);
    }

    [Fact]
    public void Affine_rounds_the_product_before_the_sum()
    {
        var op = new Affine(FloatTensor.Vector("k", JustAboveOne), FloatTensor.Vector("b", -1.00048828125f));

        // A fused multiply-add would leave 2^-24.
        Assert.Equal([0f], SingleOperator.Run(op, new Tensor(1, 1, 1, [JustAboveOne])).Values);
    }

    [Fact]
    public void Affine_without_scale_or_bias_leaves_that_part_out()
    {
        Assert.Equal([-1, 1, 4, -3, 1, 6], SingleOperator.Run(new Affine(null, FloatTensor.Vector("b", 1, 1)), TwoChannels).Values);
        Assert.Equal([-4, 0, 6, -12, 0, 15], SingleOperator.Run(new Affine(FloatTensor.Vector("k", 2, 3), null), TwoChannels).Values);
    }

    [Fact]
    public void BatchNorm_normalises_each_channel()
    {
        var op = new BatchNorm(
            FloatTensor.Vector("gamma", 2, 1), FloatTensor.Vector("beta", 1, 0), FloatTensor.Vector("mean", 1, 0), FloatTensor.Vector("variance", 3.75f, 0), 0.25f);

        // Channel 0: (x - 1) / 2 * 2 + 1. Channel 1: x / 0.5.
        Assert.Equal([-2, 0, 3, -8, 0, 10], SingleOperator.Run(op, TwoChannels).Values);
    }

    [Fact]
    public void Scale_multiplies_every_channel_alike() =>
        Assert.Equal([-3, 0, 4.5f, -6, 0, 7.5f], SingleOperator.Run(new Scale(1.5f), TwoChannels).Values);

    [Fact]
    public void Add_and_subtract_work_value_by_value()
    {
        var other = new Tensor(2, 1, 3, [1, 2, 3, 4, 5, 6]);
        Assert.Equal([-1, 2, 6, 0, 5, 11], SingleOperator.Run(new Add(), TwoChannels, other).Values);
        Assert.Equal([-3, -2, 0, -8, -5, -1], SingleOperator.Run(new Subtract(), TwoChannels, other).Values);
    }
}

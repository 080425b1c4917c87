using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Xunit;

namespace Bitloom.Compiler.Tests.Planning;

/// <summary>A comparison gives the sign of the rounded <c>x * scale + bias</c> for every x, also beside the change.</summary>
public sealed class SignThresholdTests
{
    private const int Channels = 2000;

    [Fact]
    public void ScalesOfBothSignsGiveTheSameBitsAroundTheChange()
    {
        var random = new Random(7);
        float[] scales = Values(random), biases = Values(random);
        var sign = SignThreshold.Of(new Affine(FloatTensor.Vector("scale", scales), FloatTensor.Vector("bias", biases)));
        Assert.Contains(-1f, sign.Direction!.Values);
        for (int c = 0; c < Channels; c++)
            foreach (float x in Around(sign.Threshold!.Values[c]).Concat(Around(-biases[c] / scales[c])).Concat([0f, -0f, 1f, -1f, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon]))
            {
                float product = x * scales[c];
                bool expected = product + biases[c] >= 0, turned = sign.Direction.Values[c] < 0;
                Assert.True(expected == ((x >= sign.Threshold.Values[c]) ^ turned), $"{x:R} * {scales[c]:R} + {biases[c]:R}");
            }
    }

    [Fact]
    public void ABiasAloneIsItsOwnThreshold()
    {
        var sign = SignThreshold.Of(new Affine(null, FloatTensor.Vector("bias", 0.5f, -2f)));
        Assert.Equal([-0.5f, 2f], sign.Threshold!.Values);
        Assert.Null(sign.Direction);
    }

    [Fact]
    public void NothingBeforeTheSignIsAComparisonWithZero() => Assert.Equal(new SignThreshold(null, null), SignThreshold.Of(null));

    [Fact]
    public void AScaleOfZeroLeavesTheSignOfTheBias()
    {
        var sign = SignThreshold.Of(new Affine(FloatTensor.Vector("scale", 0f, 0f), FloatTensor.Vector("bias", 1f, -1f)));
        Assert.All([-3f, 0f, float.MaxValue], x => Assert.True(x >= sign.Threshold!.Values[0]));
        Assert.All([-3f, 0f, float.MaxValue], x => Assert.False(x >= sign.Threshold!.Values[1]));
    }

    [Fact]
    public void PositiveScalesNeedNoDirection() =>
        Assert.Null(SignThreshold.Of(new Affine(FloatTensor.Vector("scale", 1f, 3f), null)).Direction);

    // Normal numbers of many magnitudes, and some so small that products vanish.
    private static float[] Values(Random random) =>
        [.. Enumerable.Range(0, Channels).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(i % 10 == 0 ? -44 : -6, 7)))).Select(v => v == 0 ? 1e-40f : v)];

    private static IEnumerable<float> Around(float x)
    {
        float below = x, above = x;
        yield return x;
        for (int i = 0; i < 4; i++)
        {
            below = MathF.BitDecrement(below);
            above = MathF.BitIncrement(above);
            yield return below;
            yield return above;
        }
    }
}

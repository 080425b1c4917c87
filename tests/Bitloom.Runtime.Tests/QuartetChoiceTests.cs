using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime.Tests;

/// <summary>Output channels are put together so that few taps are left over.</summary>
public sealed class QuartetChoiceTests
{
    private const int Words = 9, Taps = 576;

    [Theory]
    [InlineData(64, 1)]
    [InlineData(64, 4)]
    [InlineData(48, 2)]
    [InlineData(4, 1)]
    public void Channels_change_places_within_their_group(int outputs, int groups)
    {
        int[] order = QuartetChoice.Order(RandomWeights(outputs), outputs, groups, Taps, length: 38);
        Assert.Equal(Enumerable.Range(0, groups), order.Chunk(outputs / groups).Select(group => Assert.Single(group.Select(channel => channel * groups / outputs).Distinct())));
        Assert.Equal(Enumerable.Range(0, outputs), order.Order());
    }

    [Fact]
    public void A_quartet_that_is_a_group_stays_as_it_is() =>
        Assert.Equal(Enumerable.Range(0, 64), QuartetChoice.Order(RandomWeights(64), outputs: 64, groups: 16, Taps, length: 36));

    [Theory]
    [InlineData(36, 0.85)]
    [InlineData(40, 0.4)]
    [InlineData(42, 0.1)]
    public void Fewer_taps_are_left_over(int length, double mostOfBefore)
    {
        byte[] packed = RandomWeights(64);
        int[] order = QuartetChoice.Order(packed, 64, groups: 1, Taps, length);
        Assert.Equal(order, QuartetChoice.Order(packed, 64, groups: 1, Taps, length));
        Assert.InRange(Exceptions(order), 0, mostOfBefore * Exceptions([.. Enumerable.Range(0, 64)]));

        int Exceptions(int[] channels) => channels.Chunk(SignQuartet.Channels).Sum(four =>
        {
            var quartet = new SignQuartet(Taps, length, (channel, tap) => BinaryWeights.IsPositive(packed, four[channel], Taps, tap));
            return Enumerable.Range(0, SignQuartet.Channels).Sum(channel => quartet.Exceptions(channel, complemented: false).Count() + quartet.Exceptions(channel, complemented: true).Count());
        });
    }

    private static byte[] RandomWeights(int outputs)
    {
        byte[] packed = new byte[outputs * Words * sizeof(ulong)];
        new Random(outputs).NextBytes(packed);
        return packed;
    }
}

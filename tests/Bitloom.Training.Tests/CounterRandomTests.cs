using Bitloom.Training.State;

namespace Bitloom.Training.Tests;

/// <summary>The random sequence: its moments, and that any place of it can be reached.</summary>
public class CounterRandomTests
{
    [Fact]
    public void A_place_can_be_reached_at_once()
    {
        var random = new CounterRandom(42);
        ulong[] sequence = [.. Enumerable.Range(0, 10).Select(_ => random.NextBits())];
        Assert.Equal(10, sequence.Distinct().Count());
        Assert.Equal(sequence[7], new CounterRandom(42, 7).NextBits());
        Assert.NotEqual(sequence[1], new CounterRandom(43).NextBits());
    }

    [Fact]
    public void Distributions_have_their_moments()
    {
        const int count = 100_000;
        var random = new CounterRandom(1);
        double[] uniform = Draw(random.NextUniform), normal = Draw(random.NextNormal), gumbel = Draw(random.NextGumbel);
        Assert.All(uniform, u => Assert.InRange(u, 0, 1));
        Assert.Equal(0.5, uniform.Average(), 0.01);
        Assert.Equal(0, normal.Average(), 0.02);
        Assert.Equal(1, normal.Average(n => n * n), 0.03);

        // The mean of a Gumbel variable is Euler's constant, its variance pi^2 / 6.
        Assert.Equal(0.5772, gumbel.Average(), 0.02);
        Assert.Equal(Math.PI * Math.PI / 6, gumbel.Average(g => (g - 0.5772) * (g - 0.5772)), 0.05);
        int[] faces = [.. Enumerable.Range(0, 6000).Select(_ => random.NextIndex(6))];
        Assert.All(Enumerable.Range(0, 6), face => Assert.InRange(faces.Count(f => f == face), 850, 1150));

        double[] Draw(Func<double> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
    }
}

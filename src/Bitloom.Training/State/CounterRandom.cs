namespace Bitloom.Training.State;

/// <summary>
/// A random sequence whose whole state is two numbers: value n is a mix of seed and n (SplitMix64; Steele, Lea and Flood, OOPSLA 2014). The
/// same on every machine, cheap to save, and any place of the sequence can be reached at once.
/// </summary>
public sealed class CounterRandom(ulong seed, ulong counter = 0)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Which sequence.</summary>
    public ulong Seed { get; private set; } = seed;

    /// <summary>How many numbers were drawn.</summary>
    public ulong Counter { get; private set; } = counter;

    /// <summary>Goes to a place of a sequence.</summary>
    public void Restore(ulong seed, ulong counter) => (Seed, Counter) = (seed, counter);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        // Seeds are mixed first: neighbouring seeds would else give one sequence, a step apart.
        return Mix(Mix(Seed) + (Counter++ * Step));
    }

    /// <summary>0 to below 1.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int NextIndex(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Mean 0 and variance 1 (Box and Muller); draws two numbers.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextUniform())) * Math.Cos(2 * Math.PI * NextUniform());

    /// <summary>Standard Gumbel noise, <c>-log(-log(u))</c>.</summary>
    public double NextGumbel() => -Math.Log(-Math.Log(Math.Max(NextUniform(), 1e-300)));

    private static ulong Mix(ulong z)
    {
        z += Step;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

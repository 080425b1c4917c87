namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>A seeded source of numbers (SplitMix64) that is the same on every framework.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    public bool Chance(int oneIn) => Below(oneIn) == 0;

    public T Pick<T>(params T[] items) => items[Below(items.Length)];

    /// <summary>Any finite float: all exponents, subnormals and both zeros.</summary>
    public float AnyFloat()
    {
        float value = BitConverter.UInt32BitsToSingle((uint)Next());
        return float.IsFinite(value) ? value : Pick(0f, -0f, float.Epsilon, float.MaxValue, 0.1f, 1f / 130);
    }
}

using Bitloom.Compiler;
using Bitloom.Import.Safetensors;

namespace Bitloom.Import.Architectures;

/// <summary>
/// Random weights for an architecture, to measure speed before anything is trained and to compare engines: the same for a seed on
/// every machine and .NET version. Kernels keep the variance of what they read; everything that training starts at 0 or 1 is moved
/// away from it, so that an engine that leaves it out gives another result.
/// </summary>
/// <param name="seed">Any number.</param>
public sealed class SyntheticWeights(ulong seed) : WeightSource
{
    private readonly List<NamedTensor> _taken = [];
    private ulong _state = seed;

    /// <summary>Everything that was drawn so far, in order: a checkpoint of the network that was built.</summary>
    public IReadOnlyList<NamedTensor> Taken => _taken;

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        int count = shape.Aggregate(1, (size, d) => checked(size * d));
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = Draw(name, shape);
        _taken.Add(new NamedTensor(name, shape.ToEquatableArray(), values));
        return values;
    }

    private float Draw(string name, int[] shape)
    {
        if (name.EndsWith("running_var", StringComparison.Ordinal)) return (float)(0.5 + Uniform());
        if (name.EndsWith("pr_prelu.weight", StringComparison.Ordinal)) return (float)(0.25 + (0.1 * Normal()));
        if (name.EndsWith("bn.weight", StringComparison.Ordinal) || name.EndsWith("norm.weight", StringComparison.Ordinal) || name.EndsWith("move0.k", StringComparison.Ordinal)) return (float)(1 + (0.1 * Normal()));
        bool isKernel = shape.Length == 4 && shape[0] > 1 && name.EndsWith(".weight", StringComparison.Ordinal);
        return (float)(isKernel ? Normal() / Math.Sqrt(shape[1] * shape[2] * shape[3]) : 0.3 * Normal());
    }

    // A sum of twelve uniforms: near enough to normal, and exact arithmetic on every machine, unlike logarithm and cosine.
    private double Normal()
    {
        double sum = -6;
        for (int i = 0; i < 12; i++) sum += Uniform();
        return sum;
    }

    private double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    // SplitMix64.
    private ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

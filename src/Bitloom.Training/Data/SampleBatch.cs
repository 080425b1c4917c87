namespace Bitloom.Training.Data;

/// <summary>Sizes of one training sample.</summary>
/// <param name="Inputs">Values of each of the network's inputs, in the order of its graph.</param>
/// <param name="Target">Values of the target.</param>
public sealed record SampleSizes(IReadOnlyList<int> Inputs, int Target);

/// <summary>Samples side by side, as a network in training takes them.</summary>
public sealed class SampleBatch
{
    private readonly SampleSizes _sizes;

    /// <summary>Room for a number of samples.</summary>
    public SampleBatch(SampleSizes sizes, int samples)
    {
        _sizes = sizes;
        Samples = samples;
        Inputs = [.. sizes.Inputs.Select(size => new float[checked(size * samples)])];
        Targets = new float[checked(sizes.Target * samples)];
    }

    /// <summary>Samples that there is room for.</summary>
    public int Samples { get; }

    /// <summary>For each input, the values of all samples.</summary>
    public IReadOnlyList<float[]> Inputs { get; }

    /// <summary>The targets of all samples.</summary>
    public float[] Targets { get; }

    /// <summary>An input of one sample.</summary>
    public Span<float> Input(int input, int sample) => Inputs[input].AsSpan(sample * _sizes.Inputs[input], _sizes.Inputs[input]);

    /// <summary>The target of one sample.</summary>
    public Span<float> Target(int sample) => Targets.AsSpan(sample * _sizes.Target, _sizes.Target);
}

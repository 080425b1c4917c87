using Bitloom.Compiler;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;
using Bitloom.Training.State;

namespace Bitloom.Training.Parameters;

/// <summary>
/// Weights from which to train an architecture from nothing, as PyTorch's layers begin: kernels and biases uniform within
/// <c>1 / sqrt(inputs of a value)</c> (He et al., ICCV 2015, with a = sqrt(5)), PReLU 0.25, batch norms 1 and 0, learned shifts 0.
/// </summary>
/// <param name="random">Where they come from.</param>
public sealed class InitialWeights(CounterRandom random) : WeightSource
{
    // Factor of what is drawn beside an identity.
    private const double IdentityGain = 0.1;

    private readonly List<NamedTensor> _taken = [];
    private readonly Dictionary<string, double> _bounds = new(StringComparer.Ordinal);

    /// <summary>
    /// Factor of the real weights behind binary ones. Less than 1 keeps what binary convolutions add small beside the stream that they are
    /// added to, so that a network starts near the linear one of its other layers.
    /// </summary>
    public double BinaryGain { get; init; } = 1;

    /// <summary>
    /// Convolutions that begin near the identity: their middle tap passes input channel c on as output channel c, and what is drawn is small
    /// beside it. A network that improves on its input so begins with the input.
    /// </summary>
    public IReadOnlyCollection<string> Identities { get; init; } = [];

    /// <summary>Everything that was drawn so far: what to give to <see cref="ParameterSet.Create"/> with the graph.</summary>
    public IReadOnlyList<NamedTensor> Taken => _taken;

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        var values = new float[shape.Aggregate(1, (size, d) => checked(size * d))];
        string module = name[..Math.Max(name.LastIndexOf('.'), 0)];
        if (shape.Length >= 2 && name.EndsWith(".weight", StringComparison.Ordinal))
        {
            _bounds[module] = 1 / Math.Sqrt(shape.Skip(1).Aggregate(1.0, (size, d) => size * d));
            bool isIdentity = Identities.Contains(name);
            Fill(values, _bounds[module] * (isIdentity ? IdentityGain : module.EndsWith("binary_conv", StringComparison.Ordinal) ? BinaryGain : 1));
            if (isIdentity) AddIdentity(values, shape);
        }
        else if (name.EndsWith(".weight", StringComparison.Ordinal)) Array.Fill(values, name.Contains("prelu", StringComparison.Ordinal) ? 0.25f : 1);
        else if (name.EndsWith("running_var", StringComparison.Ordinal) || name.EndsWith(".k", StringComparison.Ordinal)) Array.Fill(values, 1);
        else if (shape.Length == 1 && name.EndsWith(".bias", StringComparison.Ordinal) && _bounds.TryGetValue(module, out double bound)) Fill(values, bound);

        _taken.Add(new NamedTensor(name, shape.ToEquatableArray(), values));
        return values;
    }

    private static void AddIdentity(float[] values, int[] shape)
    {
        int window = shape[2] * shape[3], inputs = shape[1];
        for (int channel = 0; channel < Math.Min(shape[0], inputs); channel++) values[(((channel * inputs) + channel) * window) + (window / 2)] += 1;
    }

    private void Fill(float[] values, double bound)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)(((random.NextUniform() * 2) - 1) * bound);
    }
}

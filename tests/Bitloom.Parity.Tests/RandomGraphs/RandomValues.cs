using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>
/// Random numbers of two kinds. Real ones are normal, and excite rounding. Short ones are small multiples of 1/4, and powers of
/// two where they scale: with them even fp32 convolutions are exact whatever the order of their sums, and signs meet exact zeros.
/// </summary>
internal sealed class RandomValues(int seed, bool isShort)
{
    /// <summary>The source of all choices.</summary>
    internal Random Random { get; } = new(seed);

    /// <summary>True for the kind that keeps sums exact.</summary>
    internal bool IsShort { get; } = isShort;

    /// <summary>True with the probability given.</summary>
    internal bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>One of several.</summary>
    internal T Pick<T>(params ReadOnlySpan<T> choices) => choices[Random.Next(choices.Length)];

    /// <summary>A value to add: of either sign, rarely 0 when real.</summary>
    internal float Shift(double spread) => IsShort ? Random.Next(-8, 9) * 0.25f : (float)(Normal() * spread);

    /// <summary>A value to multiply with; negative now and then.</summary>
    internal float Factor() => IsShort ? Pick(0.5f, 1f, 2f, -0.5f, -1f) : (float)(0.5 + Normal());

    /// <summary>A weight of a sum of <paramref name="terms"/>.</summary>
    internal float Weight(int terms) => IsShort ? Random.Next(-2, 3) * 0.5f : (float)(Normal() / Math.Sqrt(terms));

    /// <summary>One value a channel.</summary>
    internal FloatTensor Vector(string name, int channels, Func<float> draw) =>
        FloatTensor.Vector(name, [.. Enumerable.Range(0, channels).Select(_ => draw())]);

    /// <summary>Weights of a convolution: output channels x input channels of one output x height x width.</summary>
    internal FloatTensor Kernel(string name, int outputs, int inputs, int height, int width)
    {
        int terms = inputs * height * width;
        return new FloatTensor(name, [outputs, inputs, height, width], Enumerable.Range(0, outputs * terms).Select(_ => Weight(terms)).ToEquatableArray());
    }

    /// <summary>Random bits.</summary>
    internal BitTensor Bits(string name, params int[] shape) => BitTensor.FromSigns(
        name, shape.ToEquatableArray(), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => Chance(0.5) ? 1f : -1f)]);

    /// <summary>An image-like input.</summary>
    internal Tensor Input(int channels, int height, int width)
    {
        Tensor tensor = Tensor.Zeros(channels, height, width);
        for (int i = 0; i < tensor.Values.Length; i++) tensor.Values[i] = IsShort ? Random.Next(-16, 17) * 0.25f : (float)(Normal() * 3);
        return tensor;
    }

    // Box and Muller; 1 - u is never 0.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());
}

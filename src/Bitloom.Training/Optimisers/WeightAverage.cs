using System.Runtime.Intrinsics;
using Bitloom.Runtime;
using Bitloom.Training.Kernels;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Optimisers;

/// <summary>An exponential moving average of all parameters, statistics too: <c>average = decay * average + (1 - decay) * value</c>.</summary>
public sealed unsafe class WeightAverage : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly NativeBuffer _average;

    /// <summary>Starts at the parameters' present values.</summary>
    public WeightAverage(ParameterSet parameters, double decay)
    {
        _parameters = parameters;
        Decay = decay;
        _average = new NativeBuffer(Math.Max(parameters.Size, 1) * (long)sizeof(float));
        parameters.Values.CopyTo(Values);
    }

    /// <summary>How much of the average stays at each step.</summary>
    public double Decay { get; }

    /// <summary>The averages, one a parameter.</summary>
    public Span<float> Values => new(_average.Pointer, _parameters.Size);

    /// <summary>Takes in the present values.</summary>
    public void Update() => Approach(Decay);

    /// <summary>
    /// Takes in the values after so many steps. At first the decay is less, <c>(1 + steps) / (10 + steps)</c>, so that the first weights are
    /// soon forgotten.
    /// </summary>
    public void Update(long steps) => Approach(Math.Min(Decay, (1.0 + steps) / (10.0 + steps)));

    /// <summary>Swaps averages and parameters, e.g. to evaluate or freeze a network with the averages; a second call swaps back.</summary>
    public void Swap()
    {
        Span<float> values = _parameters.Values, averages = Values;
        for (int i = 0; i < values.Length; i++) (values[i], averages[i]) = (averages[i], values[i]);
    }

    /// <inheritdoc/>
    public void Dispose() => _average.Dispose();

    private void Approach(double decay)
    {
        float* average = (float*)_average.Pointer;
        Elementwise.Map(average, _parameters.ValuesPointer, average, _parameters.Size, new Step((float)(1 - decay)));
    }

    // In this form what does not change, as frozen parameters, has an average that is equal to the bit.
    private readonly struct Step(float share) : IBinaryFunction
    {
        private readonly Vector512<float> _share = Vector512.Create(share);

        public Vector512<float> Apply(Vector512<float> average, Vector512<float> value) => average + ((value - average) * _share);
    }
}

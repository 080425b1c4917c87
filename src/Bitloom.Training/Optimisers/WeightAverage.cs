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
    public void Update()
    {
        float* average = (float*)_average.Pointer;
        Elementwise.Map(average, average, _parameters.Size, new Elementwise.Multiple((float)Decay));
        Elementwise.Map(_parameters.ValuesPointer, average, _parameters.Size, new Elementwise.Multiple((float)(1 - Decay)), accumulate: true);
    }

    /// <summary>Swaps averages and parameters, e.g. to evaluate or freeze a network with the averages; a second call swaps back.</summary>
    public void Swap()
    {
        Span<float> values = _parameters.Values, averages = Values;
        for (int i = 0; i < values.Length; i++) (values[i], averages[i]) = (averages[i], values[i]);
    }

    /// <inheritdoc/>
    public void Dispose() => _average.Dispose();
}

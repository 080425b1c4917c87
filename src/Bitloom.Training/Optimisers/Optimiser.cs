using Bitloom.Runtime;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Optimisers;

/// <summary>
/// Changes parameters by their gradients. What it remembers of each parameter is runs of floats as long as all parameters, so that a
/// step is one pass and a state is saved under the parameters' names.
/// </summary>
public abstract unsafe class Optimiser : IDisposable
{
    private readonly NativeBuffer[] _memory;

    private protected Optimiser(ParameterSet parameters, params string[] memory)
    {
        Parameters = parameters;
        MemoryNames = memory;
        _memory = [.. memory.Select(_ => new NativeBuffer(Math.Max(parameters.Size, 1) * (long)sizeof(float)))];
    }

    /// <summary>What is optimised.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; internal set; }

    /// <summary>The factor of a parameter's learning rate by name; 1 if null. Set before the first step.</summary>
    public Func<Parameter, float>? RateFactor { get; init; }

    /// <summary>The names of what it remembers of each parameter, e.g. <c>momentum</c>.</summary>
    public IReadOnlyList<string> MemoryNames { get; }

    /// <summary>What it remembers, one value a parameter, in the order of <see cref="MemoryNames"/>.</summary>
    public Span<float> Memory(int index) => new(_memory[index].Pointer, Parameters.Size);

    /// <summary>One step along the gradients that the set holds.</summary>
    /// <param name="rate">The learning rate.</param>
    public void Step(double rate)
    {
        Steps++;
        for (int i = 0; i < Parameters.All.Count; i++)
        {
            Parameter parameter = Parameters.All[i];
            if (!parameter.IsTrained) continue;
            Update(parameter.Offset, parameter.Count, rate * (RateFactor?.Invoke(parameter) ?? 1));
            if (parameter.Role != ParameterRole.Slope) continue;
            foreach (ref float slope in Parameters.ValuesOf(parameter)) slope = Math.Max(slope, Parameter.LeastSlope);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer buffer in _memory) buffer.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected float* MemoryPointer(int index) => (float*)_memory[index].Pointer;

    /// <summary>Changes parameters <paramref name="start"/> and on, a multiple of 16; the floats up to the next such multiple are theirs too.</summary>
    private protected abstract void Update(int start, int count, double rate);
}

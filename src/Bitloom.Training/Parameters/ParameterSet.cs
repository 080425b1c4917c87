using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Safetensors;
using Bitloom.Runtime;

namespace Bitloom.Training.Parameters;

/// <summary>
/// All parameters of one or several networks in one run of floats, and their gradients in another, so that an optimiser is a pass over
/// flat memory. Constants of equal name are one parameter: networks for several resolutions share convolutions by name and keep batch
/// norms of their own (DRNet's resolution-aware set) by other names.
/// </summary>
public sealed unsafe class ParameterSet : IDisposable
{
    private const int Alignment = 16;

    private readonly Dictionary<string, Parameter> _byName;
    private readonly NativeBuffer _values;
    private readonly NativeBuffer _gradients;

    private ParameterSet(IReadOnlyList<Parameter> parameters, int size)
    {
        All = parameters;
        Size = size;
        _byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _values = new NativeBuffer(Math.Max(1, size) * (long)sizeof(float));
        _gradients = new NativeBuffer(Math.Max(1, size) * (long)sizeof(float));
    }

    /// <summary>The parameters in the order of the graphs.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>Floats of all parameters, with those that align them (always 0).</summary>
    public int Size { get; }

    /// <summary>Values of all parameters.</summary>
    public Span<float> Values => new(ValuesPointer, Size);

    /// <summary>Gradients of all parameters, left by the last step.</summary>
    public Span<float> Gradients => new(GradientsPointer, Size);

    internal float* ValuesPointer => (float*)_values.Pointer;

    internal float* GradientsPointer => (float*)_gradients.Pointer;

    /// <summary>Collects the constants of graphs.</summary>
    /// <param name="graphs">The networks that will be trained together.</param>
    /// <param name="settings">What is trained, and how.</param>
    /// <param name="weights">
    /// A checkpoint of them. Binary convolutions get their real weights from it; a graph alone has only signs, and then a weight starts
    /// at its sign times its scale.
    /// </param>
    /// <exception cref="TrainingException">Two graphs have constants of one name and different sizes, or a weight has another size.</exception>
    public static ParameterSet Create(IReadOnlyList<NetworkGraph> graphs, TrainingSettings settings, IReadOnlyList<NamedTensor>? weights = null)
    {
        var given = (weights ?? []).ToDictionary(w => w.Name, StringComparer.Ordinal);
        var found = new Dictionary<string, InitialParameter>(StringComparer.Ordinal);
        var order = new List<InitialParameter>();
        foreach (InitialParameter parameter in graphs.SelectMany(g => ParameterCollector.Collect(g, settings)))
        {
            if (!found.TryGetValue(parameter.Name, out InitialParameter? other)) found.Add(parameter.Name, parameter);
            else if (other.Values.Length != parameter.Values.Length)
                throw new TrainingException($"'{parameter.Name}' has {other.Values.Length} values in one place and {parameter.Values.Length} in another: constants of one name are one parameter, so rename one");
            else continue;
            order.Add(parameter);
        }

        var parameters = new List<Parameter>();
        int size = 0;
        foreach (InitialParameter initial in order)
        {
            EquatableArray<int> shape = given.TryGetValue(initial.Name, out NamedTensor? tensor) ? tensor.Shape : initial.Shape;
            parameters.Add(new Parameter(initial.Name, shape, size, initial.Values.Length, initial.Role, settings.IsFrozen(initial.Name)));
            size = checked(size + ((initial.Values.Length + Alignment - 1) / Alignment * Alignment));
        }

        var set = new ParameterSet(parameters, size);
        for (int i = 0; i < order.Count; i++) order[i].Values.CopyTo(set.ValuesOf(parameters[i]));
        set.Load([.. given.Values.Where(w => found.ContainsKey(w.Name))]);
        return set;
    }

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    public Parameter Find(string name) =>
        _byName.TryGetValue(name, out Parameter? parameter) ? parameter : throw new TrainingException($"there is no parameter '{name}'");

    /// <summary>True where there is a parameter of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>A parameter's values.</summary>
    public Span<float> ValuesOf(Parameter parameter) => Values.Slice(parameter.Offset, parameter.Count);

    /// <summary>A parameter's values.</summary>
    public Span<float> ValuesOf(string name) => ValuesOf(Find(name));

    /// <summary>A parameter's gradient.</summary>
    public Span<float> GradientsOf(string name) => Gradients.Slice(Find(name).Offset, Find(name).Count);

    /// <summary>Takes over values by name; parameters that are not given stay.</summary>
    /// <exception cref="TrainingException">There is no parameter of a name, or it has another size.</exception>
    public void Load(IReadOnlyList<NamedTensor> tensors)
    {
        foreach (NamedTensor tensor in tensors)
        {
            Span<float> values = ValuesOf(tensor.Name);
            if (values.Length != tensor.Values.Length)
                throw new TrainingException($"{tensor} holds {tensor.Values.Length} values, but the network needs {values.Length}");
            tensor.Values.CopyTo(values);
        }
    }

    /// <summary>A checkpoint: copies of all values under their names.</summary>
    public IReadOnlyList<NamedTensor> ToTensors() => ToTensors(Values);

    /// <summary>A run of as many floats, e.g. averages of the weights, under the parameters' names.</summary>
    public IReadOnlyList<NamedTensor> ToTensors(ReadOnlySpan<float> values)
    {
        var tensors = new List<NamedTensor>(All.Count);
        foreach (Parameter parameter in All) tensors.Add(new NamedTensor(parameter.Name, parameter.Shape, values.Slice(parameter.Offset, parameter.Count).ToArray()));
        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _gradients.Dispose();
    }
}

using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Safetensors;

namespace Bitloom.Import.Architectures;

/// <summary>Where a builder takes its weights from, by PyTorch name and shape.</summary>
public abstract class WeightSource
{
    /// <summary>The weight's values, product of <paramref name="shape"/> many, row-major.</summary>
    public abstract float[] Take(string name, params int[] shape);
}

/// <summary>
/// The weights of a checkpoint. What is missing, has another shape, is not finite or is left over becomes a list of errors; a missing
/// weight reads as zeros until then, so that one attempt finds everything.
/// </summary>
public sealed class CheckpointWeights : WeightSource
{
    private readonly Dictionary<string, NamedTensor> _tensors;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<BloomDiagnostic> _errors = [];

    /// <summary>Wraps tensors, whose names must differ.</summary>
    public CheckpointWeights(IEnumerable<NamedTensor> tensors) => _tensors = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The fp32 weights of a network, by their names in it.</summary>
    public static CheckpointWeights Of(NetworkGraph network) =>
        new(network.Nodes.SelectMany(n => n.Operator.FloatWeights).DistinctBy(w => w.Name).Select(w => new NamedTensor(w.Name, w.Shape, [.. w.Values])));

    /// <summary>The shape of a weight, or null where the checkpoint has none of that name.</summary>
    public EquatableArray<int>? ShapeOf(string name) => _tensors.TryGetValue(name, out NamedTensor? tensor) ? tensor.Shape : null;

    /// <summary>How many of <c>format(0)</c>, <c>format(1)</c>, ... the checkpoint has one after the other.</summary>
    public int Count(Func<int, string> format)
    {
        int count = 0;
        while (_tensors.ContainsKey(format(count))) count++;
        return count;
    }

    /// <summary>The values of a weight that the checkpoint has, without taking it.</summary>
    public IReadOnlyList<float> Peek(string name) => _tensors[name].Values;

    /// <summary>Weights that the checkpoint may hold although the network does not use them.</summary>
    public void Pass(Func<string, bool> isPassed) => _taken.UnionWith(_tensors.Keys.Where(isPassed));

    /// <inheritdoc/>
    public override float[] Take(string name, params int[] shape)
    {
        _taken.Add(name);
        float[] zeros = new float[shape.Aggregate(1, (size, d) => checked(size * d))];
        string wanted = string.Join(" x ", shape);
        if (!_tensors.TryGetValue(name, out NamedTensor? tensor)) Report(name, $"missing: the architecture needs {wanted} values{Nearest(name)}");
        else if (!tensor.Shape.SequenceEqual(shape)) Report(name, $"has shape {string.Join(" x ", tensor.Shape)}, but the architecture needs {wanted}");
        else if (tensor.Values.Any(v => !float.IsFinite(v))) Report(name, "holds NaN or infinity: weights must be finite");
        else return tensor.Values;
        return zeros;
    }

    /// <summary>Everything that is wrong, after the builder has taken what it needs.</summary>
    public EquatableArray<BloomDiagnostic> Errors()
    {
        var unexpected = _tensors.Keys.Where(n => !_taken.Contains(n))
            .Select(n => Error(n, $"unexpected: the architecture has no such weight{NearestName.Suggest(n, _taken)}"));
        return _errors.Concat(unexpected).ToEquatableArray();
    }

    private string Nearest(string name) => NearestName.Suggest(name, _tensors.Keys.Where(k => !_taken.Contains(k)));

    private void Report(string name, string message) => _errors.Add(Error(name, message));

    private static BloomDiagnostic Error(string name, string message) => BloomRules.InvalidWeight.At(new SourceLocation(0, 0, name), message);
}

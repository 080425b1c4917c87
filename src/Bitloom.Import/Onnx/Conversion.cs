using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Walks an ONNX graph once in order and builds the network. Every value is known as an image, as constants, or as whole numbers that
/// follow from the image's size; converters turn operators over images into nodes.
/// </summary>
internal sealed class Conversion
{
    private readonly OnnxGraph _graph;
    private readonly InputSizes _sizes;
    private readonly FoldingBudget _budget;
    private readonly NodeNames _nodeNames = new();
    private readonly NodeNames _weightNames = new();
    private readonly Dictionary<string, OnnxValue> _values;
    private readonly Dictionary<string, FloatTensor> _weights = new(StringComparer.Ordinal);
    private readonly SignTable _signs = new();
    private readonly OppositeSigns _opposites;
    private readonly List<Node> _order = [];
    private readonly Dictionary<string, (Node Node, TensorShape Shape)> _made = new(StringComparer.Ordinal);

    internal Conversion(OnnxGraph graph, InputSizes sizes, bool keepsZeros, ImportLog log)
    {
        (_graph, _sizes, KeepsZeros, Log) = (graph, sizes, keepsZeros, log);
        _opposites = new OppositeSigns(this);
        _budget = new FoldingBudget(graph.Constants.Values);
        _values = new Dictionary<string, OnnxValue>(graph.Constants, StringComparer.Ordinal);
    }

    /// <summary>True where a sign of 0 is to be 0, as in ONNX.</summary>
    internal bool KeepsZeros { get; }

    internal ImportLog Log { get; }

    internal int Opset => _graph.Opset;

    /// <summary>Converts every node.</summary>
    /// <exception cref="ImportException">A node cannot be converted.</exception>
    internal NetworkGraph Run(string name, string description)
    {
        foreach (GraphInput input in _sizes.Inputs)
        {
            _nodeNames.Take(input.Name);
            _values[input.Name] = new ImageValue(input.Name, input.Shape);
        }

        ConvertNodes();

        GraphOutput[] outputs = [.. _graph.Outputs.Select(o => new GraphOutput(o.Name, OutputTensor(o), SourceLocation.None))];
        return new NetworkGraph(name, description, _sizes.Inputs.ToEquatableArray(), _order.ToEquatableArray(), outputs.ToEquatableArray());
    }

    private void ConvertNodes()
    {
        var unsupported = new UnsupportedNodes();
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (unsupported.Follows(node)) continue;
            try
            {
                if (TryEvaluate(node) is { } known) Define(node, known);
                else if (ConverterTable.Find(node) is { } converter) converter.Convert(node, this);
                else unsupported.Add(node);
            }
            catch (ImportException) when (unsupported.Any)
            {
                // The first trouble is told first.
                break;
            }
        }

        if (unsupported.Any) throw unsupported.Refusal();
    }

    /// <summary>What is known about an input of a node, or null where it is left out.</summary>
    internal OnnxValue? Value(OnnxNode node, int index) => node.Input(index) is { } input
        ? _values.GetValueOrDefault(input) ?? throw node.Refuse($"reads '{input}', which is a result that Bitloom does not make", "export without it")
        : null;

    /// <summary>An input that must be an image of 1 x channels x height x width.</summary>
    internal ImageValue Image(OnnxNode node, int index) => Pixels(node, index) is { IsStandard: true } image
        ? image
        : throw node.Refuse($"its input {index} has the axes {AxisOrder.Describe(Pixels(node, index).Order)}", "transpose it to batch, channels, height, width");

    /// <summary>An input that must be an image, its axes in any order.</summary>
    internal ImageValue Pixels(OnnxNode node, int index) => Value(node, index) switch
    {
        ImageValue image => image,
        ViewValue or FlatValue => throw node.Refuse(FormattableString.Invariant($"its input {index} is an image under other sizes"), "the nearest that is supported: the same operator before the Reshape or Flatten"),
        _ => throw node.Refuse(FormattableString.Invariant($"its input {index} is not an image of 1 x channels x height x width"), "only operators over images can be imported"),
    };

    /// <summary>An input that must be real constants.</summary>
    internal Grid<float> Constant(OnnxNode node, int index) => ConstantEvaluator.ToReal(Value(node, index))?.Grid
        ?? throw node.Refuse(FormattableString.Invariant($"its input {index} is not constant"), "export with the weights as initialisers");

    /// <summary>
    /// The name for a weight: PyTorch's, where the file has kept it, else the node's with the weight's role. The exporter calls what it
    /// has changed <c>onnx::...</c> or, as a path, after the node that it comes from.
    /// </summary>
    internal string WeightName(OnnxNode node, int index, string role) =>
        Value(node, index) is FloatValue { Name: { Length: > 0 } name } && !name.StartsWith('/') && !name.Contains("::", StringComparison.Ordinal) ? name : $"{node.Name}.{role}";

    /// <summary>Sets what is known about a node's result.</summary>
    internal void Define(OnnxNode node, OnnxValue value, int output = 0) => _values[node.Outputs[output]] = value;

    /// <summary>Appends an operator, named after the ONNX node, and says what shape it makes.</summary>
    /// <exception cref="ImportException">The operator does not take these shapes.</exception>
    internal ImageValue Append(OnnxNode node, Operator @operator, params ImageValue[] inputs) => AppendNamed(node, node.Name, @operator, inputs);

    /// <summary>As <see cref="Append"/>, under a name of its own.</summary>
    internal ImageValue AppendNamed(OnnxNode node, string name, Operator @operator, params ImageValue[] inputs)
    {
        if (_order.Count == DescriptorLimits.Nodes) throw node.Refuse("the network has too many nodes", FormattableString.Invariant($"at most {DescriptorLimits.Nodes} are possible"));
        InferredShape inferred = @operator.InferShape([.. inputs.Select(i => i.Shape)]);
        if (inferred.Shape is not { } shape) throw node.Refuse(inferred.Error ?? "its shapes do not fit", "export the model again");
        if (shape.Channels > DescriptorLimits.Channels) throw node.Refuse(FormattableString.Invariant($"it makes {shape.Channels} channels"), FormattableString.Invariant($"at most {DescriptorLimits.Channels} are possible"));
        if (ExtentArithmetic.IsDeep(shape.Height) || ExtentArithmetic.IsDeep(shape.Width)) throw node.Refuse("its size is computed in too many steps from the input's", "use fewer strides");
        var made = new Node(_nodeNames.Take(name), @operator, inputs.Select(i => i.Tensor).ToEquatableArray(), SourceLocation.None);
        _order.Add(made);
        _made.Add(made.Name, (made, shape));
        _signs.Follow(node, made);
        return inputs[0] with { Tensor = made.Name, Shape = shape };
    }

    /// <summary>A weight under a free name; the same one where several nodes read equal values of one name.</summary>
    /// <exception cref="ImportException">A value is not finite.</exception>
    internal FloatTensor Weight(OnnxNode node, string name, int[] shape, float[] values)
    {
        if (!Array.TrueForAll(values, float.IsFinite)) throw node.Refuse($"its weight '{name}' holds a value that is not finite", "check the training or the export");
        if (_weights.TryGetValue(name, out FloatTensor? known) && known.Shape.AsSpan().SequenceEqual(shape) && known.Values.AsSpan().SequenceEqual(values)) return known;
        var weight = new FloatTensor(_weightNames.Take(name), shape.ToEquatableArray(), EquatableArray.Adopt(values));
        _weights[name] = weight;
        return weight;
    }

    /// <summary>A vector of one value a channel under a free name.</summary>
    internal FloatTensor Vector(OnnxNode node, string name, float[] values) => Weight(node, name, [values.Length], values);

    /// <summary>One-bit weights under a free name.</summary>
    internal BitTensor Bits(string name, int[] shape, float[] values) => BitTensor.FromSigns(_weightNames.Take(name), shape.ToEquatableArray(), values);

    /// <summary>Appends the signs of an image that stand for signs of a form.</summary>
    internal ImageValue AppendSign(OnnxNode node, SignForm form, ImageValue input)
    {
        ImageValue sign = Append(node, new Sign(), input);
        _signs.Set(sign.Tensor, form);
        return sign;
    }

    /// <summary>The form of a tensor that holds signs, or null.</summary>
    internal SignForm? SignOf(string tensor) => _signs[tensor];

    /// <summary>Signs of the negatives of what signs are taken of.</summary>
    internal ImageValue OppositeOf(OnnxNode node, ImageValue signs) => _opposites.Of(node, signs);

    /// <summary>True where a tensor is what ArgMax makes: whole numbers.</summary>
    internal bool IsWhole(string tensor) => MakerOf(tensor)?.Operator is ArgMax;

    /// <summary>
    /// True where a size that the exporter has computed is this extent: equal, or a constant and equal at the size that the file was
    /// exported with.
    /// </summary>
    internal bool IsSize(Extent extent, Extent size) =>
        ExtentArithmetic.AreEqual(extent, size) || (size is ConstantExtent constant && extent.Evaluate(_sizes.Exported, out int value) && value == constant.Value);

    /// <summary>The whole factor between two sizes, likewise.</summary>
    internal int? Ratio(Extent size, Extent unit) => ExtentArithmetic.Ratio(size, unit)
        ?? (size is ConstantExtent { Value: > 0 } constant && unit.Evaluate(_sizes.Exported, out int other) && other > 0 && constant.Value % other == 0 ? constant.Value / other : null);

    /// <summary>A size at the size that the file was exported with, or null where it leaves that free.</summary>
    internal int? AtExport(Extent extent) => extent.Evaluate(_sizes.Exported, out int value) ? value : null;

    /// <summary>The free size of that name as this network has it, with what it is a multiple of.</summary>
    internal Extent FreeSize(string symbol) =>
        _sizes.Inputs.SelectMany(i => new[] { i.Shape.Height, i.Shape.Width }).FirstOrDefault(e => e.FreeSymbol == symbol) ?? Extent.Symbol(symbol);

    /// <summary>The node that makes a tensor, or null for an input.</summary>
    internal Node? MakerOf(string tensor) => _made.GetValueOrDefault(tensor).Node;

    /// <summary>A tensor of the network, in standard order.</summary>
    internal ImageValue ImageOf(string tensor) =>
        new(tensor, _made.TryGetValue(tensor, out (Node Node, TensorShape Shape) made) ? made.Shape : _sizes.Inputs.First(i => i.Name == tensor).Shape);

    /// <summary>An input of the network with the height and width given, in whose size something can be cut.</summary>
    internal ImageValue? InputOfSize(Extent height, Extent width) =>
        _sizes.Inputs.FirstOrDefault(i => IsSize(i.Shape.Height, height) && IsSize(i.Shape.Width, width)) is { } input ? new ImageValue(input.Name, input.Shape) : null;

    private OnnxValue? TryEvaluate(OnnxNode node)
    {
        if (node.Outputs.Count != 1) return null;
        OnnxValue?[] inputs = [.. node.Inputs.Select((_, i) => Value(node, i))];
        OnnxValue? result = ConstantEvaluator.TryEvaluate(node, inputs, Opset);
        if (result is not null) _budget.Charge(node, inputs.Append(result));
        return result;
    }

    // Axes of size 1 may stand anywhere: the values in memory are the same.
    private static bool HasPlainOrder(ImageValue image)
    {
        ImageAxis[] axes = [.. image.Order.Where(a => image.SizeOf(a) != Extent.Constant(1))];
        return axes.SequenceEqual(axes.Order());
    }

    private string OutputTensor(OnnxOutput output) => _values.GetValueOrDefault(output.Value) switch
    {
        ImageValue image when HasPlainOrder(image) => image.Tensor,
        FlatValue { Source: var image } when HasPlainOrder(image) => image.Tensor,
        ImageValue image => throw new ImportException($"output '{output.Name}': has the axes {AxisOrder.Describe(image.Order)}; transpose it to batch, channels, height, width before the export"),
        null => throw new ImportException($"output '{output.Name}': is a result that Bitloom does not make; export without it"),
        _ => throw new ImportException($"output '{output.Name}': is not an image; only networks that return images of 1 x channels x height x width can be imported"),
    };
}

/// <summary>Extents at sizes that may be unknown.</summary>
internal static class ExtentEvaluation
{
    /// <summary>False where a free size has no value.</summary>
    internal static bool Evaluate(this Extent extent, IReadOnlyDictionary<string, int> sizes, out int value)
    {
        bool isKnown = extent.FreeSymbol is not { } symbol || sizes.ContainsKey(symbol);
        value = isKnown ? extent.Evaluate(sizes) : 0;
        return isKnown;
    }
}

using Bitloom.Compiler.Diagnostics;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Bytes of a file to an <see cref="OnnxGraph"/>: parses, takes branches into the graph around them, checks that every value is made once and before it is read, and moves
/// Constant nodes to the constants.
/// </summary>
internal static class ModelReader
{
    private const int OldestOpset = 9;
    private const int NewestOpset = 21;

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="folder">Where external data is, or null.</param>
    /// <param name="nodeCount">Nodes in the file.</param>
    /// <exception cref="ImportException">The bytes are not a model that can be read.</exception>
    internal static OnnxGraph Read(byte[] bytes, string? folder, out int nodeCount)
    {
        ModelProto model = Parse(bytes);
        if (model.Graph is not { } whole) throw new ImportException("holds no graph; is it an ONNX model?");
        GraphProto graph = BranchFlattening.Run(whole);
        int opset = ReadOpset(model);
        var reader = new TensorReader(new ExternalData(folder));
        var constants = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            OnnxValue value = reader.Read(tensor, $"initialiser '{tensor.Name}'");
            if (!constants.TryAdd(tensor.Name, value is FloatValue real ? real with { Name = tensor.Name } : value)) throw Twice(tensor.Name);
        }

        var nodes = new List<OnnxNode>();
        foreach (NodeProto node in graph.Node)
        {
            OnnxNode read = ReadNode(node, reader);
            if (read.Operator != "Constant") nodes.Add(read);
            else if (!constants.TryAdd(read.Outputs[0], ConstantOf(read))) throw Twice(read.Outputs[0]);
        }

        OnnxInput[] inputs = [.. graph.Input.Where(i => !constants.ContainsKey(i.Name)).Select(ReadInput)];
        OnnxOutput[] outputs = [.. graph.Output.Select(o => new OnnxOutput(o.Name, o.Name))];
        if (outputs.Length == 0) throw new ImportException("the graph has no output; export the model again");
        nodeCount = graph.Node.Count;
        return new OnnxGraph(opset, inputs, NodeOrder.Sort(nodes, inputs.Select(i => i.Name).Concat(constants.Keys), outputs), constants, outputs);
    }

    private static ModelProto Parse(byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ImportException("is not a complete ONNX file; is the path right, was the download complete?", error);
        }
    }

    private static int ReadOpset(ModelProto model)
    {
        long version = model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;
        return version is >= OldestOpset and <= NewestOpset
            ? (int)version
            : throw new ImportException(FormattableString.Invariant($"uses operator set {version}; export with opset_version {OldestOpset} to {NewestOpset}"));
    }

    private static OnnxNode ReadNode(NodeProto node, TensorReader reader)
    {
        // Reports print names a line each.
        string name = string.Concat((node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "").Select(c => char.IsControl(c) ? '_' : c));
        string place = $"node '{name}' ({node.OpType})";
        if (node.OpType.Length == 0) throw new ImportException($"node '{name}' names no operator; export the model again");
        if (!node.Output.Any(o => o.Length > 0)) throw new ImportException($"{place}: makes no value; export the model again");
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (AttributeProto attribute in node.Attribute) attributes[attribute.Name] = ReadAttribute(attribute, reader, place);
        return new OnnxNode(name, node.OpType, node.Domain is "ai.onnx" ? "" : node.Domain, [.. node.Input], [.. node.Output], attributes);
    }

    private static OnnxAttribute ReadAttribute(AttributeProto attribute, TensorReader reader, string place)
    {
        OnnxValue? tensor = attribute.T is { } value ? reader.Read(value, $"{place}, attribute '{attribute.Name}'") : null;
        if (tensor is null && attribute.Floats.Count > 0) tensor = new FloatValue(new Grid<float>([attribute.Floats.Count], [.. attribute.Floats]));
        return new OnnxAttribute(attribute.I, attribute.F, attribute.S.ToStringUtf8(), [.. attribute.Ints], tensor);
    }

    // ONNX spells constants as a tensor, a number or a list of numbers.
    private static OnnxValue ConstantOf(OnnxNode node)
    {
        if (node.Attributes.TryGetValue("value", out OnnxAttribute? value) && value.Tensor is not null) return value.Tensor;
        if (node.Attributes.TryGetValue("value_float", out value)) return new FloatValue(new Grid<float>([], [value.Real]));
        if (node.Attributes.TryGetValue("value_floats", out value) && value.Tensor is not null) return value.Tensor;
        if (node.Attributes.TryGetValue("value_int", out value)) return ConstantEvaluator.Scalar(value.Integer);
        if (node.Attributes.TryGetValue("value_ints", out value)) return ConstantEvaluator.Vector(value.Integers);
        throw node.Refuse("holds no value of a supported kind", "store a tensor or numbers");
    }

    private static OnnxInput ReadInput(ValueInfoProto input)
    {
        if (input.Type?.TensorType?.Shape is not { } shape)
            throw new ImportException($"input '{input.Name}': has no shape; export with example inputs of 1 x channels x height x width");
        return new OnnxInput(input.Name, [.. shape.Dim.Select(d => ReadDim(input.Name, d))]);
    }

    private static (int? Size, string Symbol) ReadDim(string input, TensorShapeProto.Types.Dimension dim)
    {
        if (dim.ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue) return (null, dim.DimParam);
        return dim.DimValue is > 0 and <= int.MaxValue
            ? ((int)dim.DimValue, "")
            : throw new ImportException(FormattableString.Invariant($"input '{input}': has a size of {dim.DimValue}; export the model again"));
    }

    private static ImportException Twice(string value) => new($"value '{value}' is made twice; export the model again");
}

/// <summary>Puts nodes into an order in which every value is made before it is read.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes sorted; nodes that are sorted already keep their order.</summary>
    /// <exception cref="ImportException">A value is made twice or never, or values depend on themselves.</exception>
    internal static List<OnnxNode> Sort(List<OnnxNode> nodes, IEnumerable<string> given, IReadOnlyList<OnnxOutput> outputs)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string value in given)
            if (!known.Add(value)) throw new ImportException($"value '{value}' is given twice; export the model again");
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string output in nodes[i].Outputs)
                if (output.Length > 0 && (known.Contains(output) || !makers.TryAdd(output, i))) throw nodes[i].Refuse($"makes '{output}' a second time", "export the model again");

        foreach (OnnxNode node in nodes)
            if (node.Inputs.FirstOrDefault(i => i.Length > 0 && !known.Contains(i) && !makers.ContainsKey(i)) is { } missing)
                throw node.Refuse($"reads '{missing}', which no node, input or initialiser makes{NearestName.Suggest(missing, makers.Keys.Concat(known))}", "export the model again with its weights");
        if (outputs.FirstOrDefault(o => !known.Contains(o.Value) && !makers.ContainsKey(o.Value)) is { } unmade)
            throw new ImportException($"output '{unmade.Name}': no node makes it; export the model again");
        return Visit(nodes, makers);
    }

    private static List<OnnxNode> Visit(List<OnnxNode> nodes, Dictionary<string, int> makers)
    {
        var waiting = new int[nodes.Count];
        var readers = new List<int>[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
            foreach (string input in nodes[i].Inputs)
                if (makers.TryGetValue(input, out int maker))
                {
                    waiting[i]++;
                    (readers[maker] ??= []).Add(i);
                }

        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, nodes.Count).Where(i => waiting[i] == 0).Select(i => (i, i)));
        var sorted = new List<OnnxNode>(nodes.Count);
        while (ready.TryDequeue(out int next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (int reader in readers[next] ?? [])
                if (--waiting[reader] == 0) ready.Enqueue(reader, reader);
        }

        return sorted.Count == nodes.Count
            ? sorted
            : throw nodes[Array.FindIndex(waiting, w => w > 0)].Refuse("depends on its own result", "a network has no cycles; export the model again");
    }
}

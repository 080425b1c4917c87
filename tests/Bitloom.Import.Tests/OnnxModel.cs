using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.ReferenceInterpreter;
using Google.Protobuf;

namespace Bitloom.Import.Tests;

/// <summary>A small ONNX file, written node by node; every method returns the name of the value made.</summary>
internal sealed class OnnxModel
{
    private int _values;

    /// <summary>A file with the input <c>input</c> of 1 x channels x height x width.</summary>
    internal OnnxModel(int opset = 13, int channels = 4, int height = 6, int width = 5)
    {
        Proto = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        Input("input", 1, channels, height, width);
    }

    internal ModelProto Proto { get; }

    internal void Input(string name, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => d < 0 ? new TensorShapeProto.Types.Dimension { DimParam = $"size{-d}" } : new TensorShapeProto.Types.Dimension { DimValue = d }));
        Proto.Graph.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } });
    }

    internal string Node(string @operator, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = FormattableString.Invariant($"v{_values++}");
        var node = new NodeProto { OpType = @operator, Name = $"{@operator}.{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes.Select(Attribute));
        Proto.Graph.Node.Add(node);
        return output;
    }

    /// <summary>An initialiser of single-precision values.</summary>
    internal string Floats(long[] dims, params float[] values)
    {
        string name = FormattableString.Invariant($"w{_values++}");
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.Dims.AddRange(dims);
        tensor.FloatData.AddRange(values);
        Proto.Graph.Initializer.Add(tensor);
        return name;
    }

    internal string Integers(params long[] values)
    {
        string name = FormattableString.Invariant($"w{_values++}");
        var tensor = new TensorProto { Name = name, DataType = 7 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        Proto.Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Reproducible values in -1..1, none of them 0.</summary>
    internal string Random(int seed, params long[] dims) => Floats(dims, RandomValues(seed, (int)dims.Aggregate(1L, (n, d) => n * d)));

    internal static float[] RandomValues(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 0.98) + 0.01) * (random.Next(2) == 0 ? 1 : -1))];
    }

    internal void Output(string value) => Proto.Graph.Output.Add(new ValueInfoProto { Name = value });

    internal byte[] Bytes(string output)
    {
        Output(output);
        return Proto.ToByteArray();
    }

    internal OnnxImport Import(string output, bool keepsSize = false) =>
        OnnxImporter.Import(Bytes(output), "test.onnx", null, new OnnxImportOptions("test", KeepsSize: keepsSize));

    /// <summary>The message with which a file is refused: one line that names the file.</summary>
    internal string Refusal(string output)
    {
        ImportException error = Assert.Throws<ImportException>(() => Import(output));
        Assert.StartsWith("test.onnx: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    /// <summary>The network's output for a reproducible image.</summary>
    internal static Tensor Run(NetworkGraph graph, Tensor input) => Interpreter.Run(graph, new Dictionary<string, Tensor> { ["input"] = input })[graph.Outputs[0].Name];

    private static AttributeProto Attribute((string Name, object Value) attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case long number: proto.I = number; break;
            case int number: proto.I = number; break;
            case float number: proto.F = number; break;
            case string text: proto.S = ByteString.CopyFromUtf8(text); break;
            case long[] numbers: proto.Ints.AddRange(numbers); break;
            case TensorProto tensor: proto.T = tensor; break;
            default: throw new ArgumentException($"no attribute holds a {attribute.Value.GetType()}", nameof(attribute));
        }

        return proto;
    }
}

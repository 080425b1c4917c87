using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Export;
using Bitloom.Import.Onnx.Operators;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.Import.Tests.Exports;
using Google.Protobuf;

namespace Bitloom.Import.Tests;

/// <summary>
/// Valid files with seeded damage are imported or refused with one line, within a bound on memory; the importer never fails on its own
/// account.
/// </summary>
public sealed class MutationTests
{
    private const int Rounds = 2000;

    // All that one import may allocate: folding is bounded by 256 MiB, and sizes are tried several times.
    private const long MostBytes = 1L << 30;

    private static readonly string[] Operators = [.. ConverterTable.Supported];

    public static TheoryData<string> Samples => ["upscaler", "classifier", "borders", "gate"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_are_valid(string sample) =>
        Assert.NotEmpty(OnnxImporter.Import(Sample(sample), "valid.onnx", null, new OnnxImportOptions("valid")).Graph.Nodes);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Damaged_bytes_are_imported_or_refused(string sample)
    {
        byte[] valid = Sample(sample);
        var random = new Random(20230816);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = [.. valid];
            for (int i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            if (IsRefused(damaged, round)) refused++;
        }

        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    /// <summary>Files that are well-formed protobuf, so that damage gets past the parser.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void Graphs_with_other_numbers_names_and_operators_are_imported_or_refused(string sample)
    {
        byte[] valid = Sample(sample);
        var random = new Random(20230817);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            ModelProto model = ModelProto.Parser.ParseFrom(valid);
            for (int i = random.Next(1, 4); i > 0; i--) Damage(model.Graph, random);
            if (IsRefused(model.ToByteArray(), round)) refused++;
        }

        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    /// <summary>Constants that double with every node, in a file of a few kilobytes.</summary>
    [Theory]
    [InlineData("Concat")]
    [InlineData("Expand")]
    [InlineData("ConstantOfShape")]
    public void Constants_do_not_grow_without_bound(string @operator)
    {
        var model = new OnnxModel();
        string value = model.Random(1, 1, 64), sum = "input";
        for (int i = 0; i < 300; i++)
        {
            value = @operator switch
            {
                "Concat" => model.Node("Concat", [value, value], ("axis", 0)),
                "Expand" => model.Node("Expand", [value, model.Integers(2000, 1 + i, 1)]),
                _ => model.Node("ConstantOfShape", [model.Integers(4000, 1000 - i)]),
            };
            sum = model.Node("Add", [sum, model.Node("ReduceMean", [value], ("keepdims", 0))]);
        }

        Assert.True(IsRefused(model.Bytes(sum), 0));
    }

    private static bool IsRefused(byte[] file, int round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? message = null;
        try
        {
            OnnxImporter.Import(file, "damaged.onnx", null, new OnnxImportOptions("damaged"));
        }
        catch (ImportException error)
        {
            message = error.Message;
        }

        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken <= MostBytes, FormattableString.Invariant($"round {round} takes {taken >> 20} MiB: {message}"));
        Assert.False(message?.Contains('\n', StringComparison.Ordinal) ?? false, message);
        Assert.False(message?.Contains("please report", StringComparison.Ordinal) ?? false, FormattableString.Invariant($"round {round}: {message}"));
        return message is not null;
    }

    private static void Damage(GraphProto graph, Random random)
    {
        long[] numbers = [0, 1, -1, 2, 3, 7, 64, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
        NodeProto[] nodes = [.. NodesOf(graph)];
        NodeProto node = Any(nodes, random), other = Any(nodes, random);
        TensorProto tensor = Any(graph.Initializer, random);
        long number = numbers[random.Next(numbers.Length)];
        switch (random.Next(9))
        {
            case 0: node.OpType = other.OpType; break;
            case 1 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = other.Output[0]; break;
            case 2 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = random.Next(2) == 0 ? tensor.Name : "input"; break;
            case 3 when node.Input.Count > 0: node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 4 when tensor.Int64Data.Count > 0: tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = number; break;
            case 5 when node.Attribute.Count > 0: Damage(Any(node.Attribute, random), number, random); break;
            case 6: graph.Input[0].Type.TensorType.Shape.Dim[random.Next(4)] = new TensorShapeProto.Types.Dimension { DimValue = number }; break;
            case 7 when tensor.Dims.Count > 0: tensor.Dims[random.Next(tensor.Dims.Count)] = number; break;
            case 8: node.OpType = Operators[random.Next(Operators.Length)]; break;
            default: node.OpType = "Concat"; break;
        }
    }

    private static void Damage(AttributeProto attribute, long number, Random random)
    {
        if (attribute.Ints.Count > 0) attribute.Ints[random.Next(attribute.Ints.Count)] = number;
        else attribute.I = number;
        if (random.Next(4) == 0) attribute.Ints.Add(number);
    }

    // Those of branches too.
    private static IEnumerable<NodeProto> NodesOf(GraphProto graph) =>
        graph.Node.Concat(graph.Node.SelectMany(n => n.Attribute).Select(a => a.G).OfType<GraphProto>().SelectMany(NodesOf));

    private static T Any<T>(IReadOnlyList<T> items, Random random) => items[random.Next(items.Count)];

    private static byte[] Sample(string name) => name switch
    {
        "upscaler" => Upscaler(),
        "classifier" => Classifier(),
        "gate" => OnnxExporter.Export(GateCases.Branches(1).Graph).Bytes.ToArray(),
        _ => Borders(),
    };

    // One of most things: estimators, shape arithmetic, resizing, a shuffle, splits.
    private static byte[] Upscaler()
    {
        var model = new OnnxModel();
        string soft = model.Node("Tanh", ["input"]), sign = model.Node("Add", [model.Node("Sub", [model.Node("Sign", ["input"]), soft]), soft]);
        string weight = model.Random(1, 4, 4, 1, 1), scale = model.Node("ReduceMean", [model.Node("Abs", [weight])], ("axes", new long[] { 1, 2, 3 }), ("keepdims", 1));
        string convolved = model.Node("Conv", [sign, model.Node("Mul", [scale, model.Node("Sign", [weight])])], ("kernel_shape", new long[] { 1, 1 }), ("strides", new long[] { 1, 1 }), ("dilations", new long[] { 1, 1 }), ("pads", new long[] { 0, 0, 0, 0 }), ("group", 1));
        string shifted = model.Node("Add", [convolved, model.Node("Expand", [model.Random(2, 1, 4, 1, 1), model.Node("Shape", [convolved])])]);
        string shape = model.Node("Shape", ["input"]), leading = model.Node("Slice", [shape, model.Integers(0), model.Integers(2), model.Integers(0)]);
        string size = model.Node("Mul", [model.Node("Slice", [shape, model.Integers(2), model.Integers(4), model.Integers(0)]), model.Integers(2)]);
        string large = model.Node("Resize", [shifted, "", "", model.Node("Concat", [leading, size], ("axis", 0))], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        string left = model.Node("Split", [large], ("axis", 1));
        model.Proto.Graph.Node[^1].Output.Add("right");
        string zeros = model.Node("ConstantOfShape", [model.Integers(2)]);
        string range = model.Node("Range", [model.Integers(0), model.Integers(4), model.Integers(1)]);
        string gathered = model.Node("Gather", [model.Node("Concat", [left, "right"], ("axis", 1)), range], ("axis", 1));
        return model.Bytes(model.Node("DepthToSpace", [model.Node("Add", [gathered, model.Node("Gather", [zeros, model.Integers(0)])])], ("blocksize", 2), ("mode", "CRD")));
    }

    // Normalisation between transposes, a GELU, pooling, a Linear layer, a choice.
    private static byte[] Classifier()
    {
        var model = new OnnxModel(opset: 13);
        string last = model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 }));
        string difference = model.Node("Sub", [last, model.Node("ReduceMean", [last], ("axes", new long[] { -1 }), ("keepdims", 1))]);
        string variance = model.Node("ReduceMean", [model.Node("Pow", [difference, model.Floats([], 2)])], ("axes", new long[] { -1 }), ("keepdims", 1));
        string normed = model.Node("Div", [difference, model.Node("Sqrt", [model.Node("Add", [variance, model.Floats([], 1e-5f)])])]);
        string linear = model.Node("Add", [model.Node("MatMul", [model.Node("Mul", [normed, model.Random(1, 4)]), model.Random(2, 4, 6)]), model.Random(3, 6)]);
        string e = model.Node("Add", [model.Node("Erf", [model.Node("Div", [linear, model.Floats([], MathF.Sqrt(2))])]), model.Floats([], 1)]);
        string gelu = model.Node("Mul", [model.Node("Mul", [linear, e]), model.Floats([], 0.5f)]);
        string back = model.Node("Transpose", [gelu], ("perm", new long[] { 0, 3, 1, 2 }));
        string pooled = model.Node("MaxPool", [back], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("ceil_mode", 0));
        string flat = model.Node("Flatten", [model.Node("GlobalAveragePool", [pooled])], ("axis", 1));
        string scores = model.Node("Gemm", [flat, model.Random(4, 3, 6), model.Random(5, 3)], ("transB", 1), ("alpha", 1f), ("beta", 1f));
        return model.Bytes(model.Node("ArgMax", [model.Node("Softmax", [scores], ("axis", 1))], ("axis", 1), ("keepdims", 1)));
    }

    // Padding to a multiple, a shift, halving and doubling, a cut back to the input's size.
    private static byte[] Borders()
    {
        var model = new OnnxModel(opset: 13, height: 16, width: 24);
        string shape = model.Node("Shape", ["input"]), zeros = model.Integers(0, 0), eight = model.Integers(8);
        string Size(int axis) => model.Node("Slice", [shape, model.Integers(axis), model.Integers(axis + 1), model.Integers(0)]);
        string Fill(int axis) => model.Node("Mod", [model.Node("Neg", [Size(axis)]), eight]);
        string padded = model.Node("Pad", ["input", model.Node("Concat", [zeros, zeros, zeros, Fill(2), Fill(3)], ("axis", 0))], ("mode", "reflect"));
        string shifted = model.Node("Conv", [padded, model.Floats([4, 1, 3, 3], [.. Enumerable.Range(0, 36).Select(i => i % 9 == i / 9 ? 1f : 0)])], ("group", 4), ("pads", new long[] { 1, 1, 1, 1 }));
        string half = model.Node("AveragePool", [shifted], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 0, 0, 0, 0 }));
        string whole = model.Node("Resize", [half, "", model.Floats([4], 1, 1, 2, 2)], ("mode", "cubic"), ("coordinate_transformation_mode", "align_corners"));
        string gated = model.Node("Mul", [whole, model.Node("HardSigmoid", [padded], ("alpha", 0.2f), ("beta", 0.5f))]);
        string view = model.Node("Reshape", [gated, model.Integers(1, 2, 2, 16, 24)]);
        string shuffled = model.Node("Reshape", [model.Node("Transpose", [view], ("perm", new long[] { 0, 2, 1, 3, 4 })), model.Integers(1, 4, 16, 24)]);
        string rows = model.Node("Slice", [shuffled, model.Integers(0), Size(2), model.Integers(2), model.Integers(1)]);
        return model.Bytes(model.Node("Slice", [rows, model.Integers(0), Size(3), model.Integers(3), model.Integers(1)]));
    }
}

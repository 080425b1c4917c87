using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Tests;

/// <summary>Files that cannot be imported are refused with one line: where, what, what to do.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("ConvTranspose", "Conv and DepthToSpace")]
    [InlineData("LeakyReluu", "LeakyRelu")]
    [InlineData("Tanh", "Sigmoid")]
    public void An_unsupported_operator_is_named_with_its_node_and_the_nearest(string @operator, string nearest)
    {
        var model = new OnnxModel();
        string message = model.Refusal(model.Node(@operator, ["input"]));
        Assert.Contains($"node '{@operator}.v0' ({@operator})", message, StringComparison.Ordinal);
        Assert.Contains($"the nearest that is: {nearest}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear", "tf_crop_and_resize")]
    [InlineData("nearest", "tf_half_pixel_for_nn")]
    [InlineData("nearest", "align_corners")]
    public void Other_coordinate_modes_are_refused_by_name(string mode, string coordinates)
    {
        var model = new OnnxModel();
        Assert.Contains($"coordinate_transformation_mode {coordinates}", model.Refusal(model.Node("Resize", ["input", "", model.Floats([4], 1, 1, 2, 2)], ("mode", mode), ("coordinate_transformation_mode", coordinates))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 2, 3)]
    [InlineData(1, 1, 1.2345678f, 1.2345678f)]
    [InlineData(1, 2, 2, 2)]
    [InlineData(1, 1, float.NaN, float.NaN)]
    public void Other_factors_are_refused(float batch, float channels, float down, float across)
    {
        var model = new OnnxModel();
        Assert.Contains("factors", model.Refusal(model.Node("Resize", ["input", "", model.Floats([4], batch, channels, down, across)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Signs_into_weights_that_are_not_binary_are_refused()
    {
        var model = new OnnxModel();
        Assert.Contains("not +-scale", model.Refusal(model.Node("Conv", [model.Node("Sign", ["input"]), model.Random(1, 2, 4, 1, 1)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Signs_that_reach_other_operators_are_refused()
    {
        var model = new OnnxModel();
        Assert.Contains("reads the sign", model.Refusal(model.Node("Add", [model.Node("Sign", ["input"]), "input"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Quotients_by_images_are_refused()
    {
        var model = new OnnxModel();
        Assert.Contains("Div of two images", model.Refusal(model.Node("Div", ["input", "input"])), StringComparison.Ordinal);
        model = new OnnxModel();
        Assert.Contains("divided by an image", model.Refusal(model.Node("Div", [model.Floats([], 1), "input"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_finite_are_refused()
    {
        var model = new OnnxModel();
        Assert.Contains("not finite", model.Refusal(model.Node("Add", ["input", model.Floats([1, 4, 1, 1], 1, 2, float.NaN, 4)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Convolutions_with_implicit_pads_are_refused()
    {
        var model = new OnnxModel();
        Assert.Contains("auto_pad is SAME_UPPER", model.Refusal(model.Node("Conv", ["input", model.Random(1, 2, 4, 3, 3)], ("auto_pad", "SAME_UPPER"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_is_refused()
    {
        var model = new OnnxModel();
        string sum = model.Node("Add", ["input", "v1"]);
        Assert.Contains("no cycles", model.Refusal(model.Node("Relu", [sum])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sizes_in_endless_steps_are_refused(bool isConvolution)
    {
        var model = new OnnxModel(height: 60000, width: 60000);
        string weight = model.Random(1, 4, 4, 1, 1), value = isConvolution ? "input" : model.Node("Shape", ["input"]), two = model.Integers(2);
        for (int i = 0; i < 20000; i++) value = isConvolution ? model.Node("Conv", [value, weight], ("strides", new long[] { 2, 2 })) : model.Node("Div", [value, two]);
        model.Refusal(isConvolution ? value : model.Node("Expand", ["input", value]));
    }

    [Fact]
    public void A_missing_initialiser_is_named()
    {
        var model = new OnnxModel();
        Assert.Contains("reads 'body.0.weight'", model.Refusal(model.Node("Conv", ["input", "body.0.weight"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_made_twice_are_refused()
    {
        var model = new OnnxModel();
        string output = model.Node("Relu", ["input"]);
        model.Node("Relu", ["input"]);
        model.Proto.Graph.Node[1].Output[0] = output;
        Assert.Contains("second time", model.Refusal(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(22)]
    [InlineData(-1)]
    public void Operator_sets_out_of_range_are_refused(int opset)
    {
        var model = new OnnxModel(opset);
        Assert.Contains("opset_version 9 to 21", model.Refusal(model.Node("Relu", ["input"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new long[] { 1 << 16, 1 << 16 })]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { 500_000_000 })]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Absurd_claims_are_refused_without_taking_memory(long[] dims)
    {
        var model = new OnnxModel();
        string weight = model.Floats(dims, 1);
        long before = GC.GetTotalAllocatedBytes();
        Assert.Contains("initialiser", model.Refusal(model.Node("Add", ["input", weight])), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData(new long[] { 2, 4, 6, 5 }, "batch of 2")]
    [InlineData(new long[] { 1, 4, 6 }, "3 dimensions")]
    [InlineData(new long[] { 1, -1, 6, 5 }, "channels is free")]
    [InlineData(new long[] { 1, 4, 0, 5 }, "size of 0")]
    public void Inputs_that_are_no_image_are_refused(long[] dims, string message)
    {
        var model = new OnnxModel();
        model.Proto.Graph.Input.Clear();
        model.Input("input", dims);
        Assert.Contains(message, model.Refusal(model.Node("Relu", ["input"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_files_are_refused_at_every_length()
    {
        var model = new OnnxModel();
        byte[] bytes = model.Bytes(model.Node("Conv", ["input", model.Random(1, 2, 4, 3, 3)]));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ImportException>(() => OnnxImporter.Import(bytes[..length], "cut.onnx", null, new OnnxImportOptions("cut")));
    }

    [Fact]
    public void Damaged_files_are_imported_or_refused()
    {
        byte[] valid = Sample();
        Assert.Equal(1, OnnxImporter.Import(valid, "valid.onnx", null, new OnnxImportOptions("valid")).Report.BinaryConvolutions);
        var random = new Random(20230816);
        int refused = 0;
        const int rounds = 4000;
        for (int round = 0; round < rounds; round++)
        {
            byte[] damaged = [.. valid];
            for (int i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            try
            {
                OnnxImporter.Import(damaged, "damaged.onnx", null, new OnnxImportOptions("damaged"));
            }
            catch (ImportException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 4, rounds);
    }

    /// <summary>Files that are well-formed protobuf, so that damage gets past the parser.</summary>
    [Fact]
    public void Graphs_with_other_numbers_names_and_operators_are_imported_or_refused()
    {
        byte[] valid = Sample();
        var random = new Random(20230817);
        int refused = 0;
        const int rounds = 4000;
        for (int round = 0; round < rounds; round++)
        {
            ModelProto model = ModelProto.Parser.ParseFrom(valid);
            for (int i = random.Next(1, 4); i > 0; i--) Damage(model.Graph, random);
            try
            {
                OnnxImporter.Import(model.ToByteArray(), "damaged.onnx", null, new OnnxImportOptions("damaged"));
            }
            catch (ImportException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 4, rounds);
    }

    private static void Damage(GraphProto graph, Random random)
    {
        long[] numbers = [0, 1, -1, 2, 3, 7, 64, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
        NodeProto node = Any(graph.Node, random), other = Any(graph.Node, random);
        TensorProto tensor = Any(graph.Initializer, random);
        long number = numbers[random.Next(numbers.Length)];
        switch (random.Next(8))
        {
            case 0: node.OpType = other.OpType; break;
            case 1 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = other.Output[0]; break;
            case 2 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = random.Next(2) == 0 ? tensor.Name : "input"; break;
            case 3 when node.Input.Count > 0: node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 4 when tensor.Int64Data.Count > 0: tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = number; break;
            case 5 when node.Attribute.Count > 0: Damage(Any(node.Attribute, random), number, random); break;
            case 6: graph.Input[0].Type.TensorType.Shape.Dim[random.Next(4)] = new TensorShapeProto.Types.Dimension { DimValue = number }; break;
            case 7: tensor.Dims[random.Next(tensor.Dims.Count)] = number; break;
            default: node.OpType = "Concat"; break;
        }
    }

    private static void Damage(AttributeProto attribute, long number, Random random)
    {
        if (attribute.Ints.Count > 0) attribute.Ints[random.Next(attribute.Ints.Count)] = number;
        else attribute.I = number;
        if (random.Next(4) == 0) attribute.Ints.Add(number);
    }

    private static T Any<T>(IReadOnlyList<T> items, Random random) => items[random.Next(items.Count)];

    // One of most things: estimators, shape arithmetic, resizing, a shuffle, splits.
    private static byte[] Sample()
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
}

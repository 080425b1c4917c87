using Bitloom.Import.Onnx;

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

    [Fact]
    public void Every_unsupported_operator_is_named()
    {
        // Before, beside and after others, more than once, and by way of an operator that is supported; sizes are no images.
        var model = new OnnxModel();
        string first = model.Node("Mish", ["input"]), second = model.Node("Elu", [model.Node("Relu", [first])]);
        string size = model.Node("Gather", [model.Node("Shape", [second]), model.Integers(2)]);
        string third = model.Node("Elu", [model.Node("Expand", [second, model.Node("ConstantOfShape", [size])])]);
        string fourth = model.Node("GRU", ["input"]);
        string message = model.Refusal(model.Node("Add", [third, fourth]));
        Assert.Contains($"node 'Mish.{first}' (Mish): this operator over images is not supported; the nearest that is: HardSwish", message, StringComparison.Ordinal);
        Assert.EndsWith($"; not supported either: Elu (2 nodes, first 'Elu.{second}'), GRU (1 node, first 'GRU.{fourth}')", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_trouble_is_told_first()
    {
        var model = new OnnxModel();
        string elu = model.Node("Elu", ["input"]);
        string message = model.Refusal(model.Node("Add", [elu, model.Node("Div", ["input", "input"])]));
        Assert.Contains("(Elu)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Div", message, StringComparison.Ordinal);
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
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>What exporters write, and the nodes that it becomes.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData("clip")]
    [InlineData("tanh")]
    [InlineData("clip written twice")]
    [InlineData("none")]
    public void A_sign_is_found_under_any_surrogate(string surrogate)
    {
        var model = new OnnxModel();
        string soft = Soft(model, surrogate), again = surrogate == "clip written twice" ? Soft(model, surrogate) : soft, sign = model.Node("Sign", ["input"]);
        string estimated = surrogate == "none" ? sign : model.Node("Add", [model.Node("Sub", [sign, soft]), again]);
        OnnxImport import = model.Import(Convolve(model, estimated, BinaryWeights(model)));
        Assert.Equal(["Sign", "BinaryConv2d", "Affine"], Kinds(import));
        Assert.Equal(1, import.Report.BinaryConvolutions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Other_spellings_of_an_estimator_fold_too(bool sumFirst)
    {
        var model = new OnnxModel();
        string soft = model.Node("Tanh", ["input"]), sign = model.Node("Sign", ["input"]);
        string estimated = sumFirst ? model.Node("Sub", [model.Node("Add", [soft, sign]), soft]) : model.Node("Add", [sign, model.Node("Sub", [soft, soft])]);
        Assert.Equal(["Sign", "BinaryConv2d", "Affine"], Kinds(model.Import(Convolve(model, estimated, BinaryWeights(model)))));
    }

    [Fact]
    public void Weights_under_an_estimator_are_exactly_plus_or_minus_scale()
    {
        var model = new OnnxModel();
        float[] real = OnnxModel.RandomValues(5, 2 * 4 * 9);
        string weight = model.Floats([2, 4, 3, 3], real), soft = model.Node("Clip", [weight, model.Floats([], -1), model.Floats([], 1)]);
        string scale = model.Node("ReduceMean", [model.Node("Abs", [weight])], ("axes", new long[] { 1, 2, 3 }), ("keepdims", 1));
        string hard = model.Node("Mul", [scale, model.Node("Sign", [weight])]);
        OnnxImport import = model.Import(Convolve(model, model.Node("Sign", ["input"]), model.Node("Add", [model.Node("Sub", [hard, soft]), soft])));
        Assert.Equal(0, import.Report.WorstDeviation);
        BitTensor bits = import.Graph.Nodes.Select(n => n.Operator).OfType<BinaryConv2d>().Single().Weight;
        for (int i = 0; i < real.Length; i++) Assert.Equal(real[i] > 0, bits[i / 36, i % 36]);
        float[] scales = [.. import.Graph.Nodes.Select(n => n.Operator).OfType<Affine>().Single().Scale!.Values];
        Assert.Equal(real[..36].Average(v => Math.Abs((double)v)), scales[0], 1e-6);
    }

    [Fact]
    public void Weights_within_rounding_of_scale_are_binary_and_the_report_says_how_far()
    {
        var model = new OnnxModel();
        float[] values = [.. OnnxModel.RandomValues(5, 72).Select((v, i) => MathF.Sign(v) * (i == 7 ? 0.500001f : 0.5f))];
        OnnxImport import = model.Import(Convolve(model, model.Node("Sign", ["input"]), model.Floats([2, 4, 3, 3], values)));
        Assert.InRange(import.Report.WorstDeviation, 1e-6, 3e-6);
    }

    [Fact]
    public void A_weight_of_zero_adds_nothing()
    {
        var model = new OnnxModel();
        float[] values = [.. OnnxModel.RandomValues(5, 72).Select((v, i) => i is 3 or 40 ? 0 : MathF.Sign(v) * 0.5f)];
        OnnxImport import = model.Import(Convolve(model, model.Node("Sign", ["input"]), model.Floats([2, 4, 3, 3], values)));
        Assert.Equal(["Sign", "BinaryConv2d", "BinaryConv2d", "Add", "Affine"], Kinds(import));

        // The same convolution in full precision, of signs given as the image.
        Tensor signs = new(4, 6, 5, [.. OnnxModel.RandomValues(9, 120).Select(v => (float)MathF.Sign(v))]);
        var plain = new OnnxModel();
        Tensor expected = OnnxModel.Run(plain.Import(Convolve(plain, "input", plain.Floats([2, 4, 3, 3], values))).Graph, signs);
        Assert.Equal(expected.Values, OnnxModel.Run(import.Graph, signs).Values);
        Assert.Contains(import.Report.Lines, l => l.Contains("2 weights are exactly 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Expanded_shifts_and_a_rectifier_become_one_RPRelu()
    {
        var model = new OnnxModel();
        float[] shift = OnnxModel.RandomValues(1, 4), slope = OnnxModel.RandomValues(2, 4), offset = OnnxModel.RandomValues(3, 4);
        string shifted = AddExpanded(model, "input", model.Floats([1, 4, 1, 1], shift));
        string output = AddExpanded(model, model.Node("PRelu", [shifted, model.Floats([4, 1, 1], slope)]), model.Floats([1, 4, 1, 1], offset));
        RPRelu activation = Assert.IsType<RPRelu>(Assert.Single(model.Import(output).Graph.Nodes).Operator);
        Assert.Equal([shift, slope, offset], new[] { activation.Shift, activation.Slope, activation.Offset }.Select(t => t.Values.ToArray()));
    }

    [Fact]
    public void A_shift_that_the_exporter_has_expanded_already_is_one_value_a_channel()
    {
        var model = new OnnxModel();
        OnnxImport import = model.Import(model.Node("Add", [model.Floats([1, 4, 6, 5], [.. Enumerable.Range(0, 120).Select(i => (float)(i / 30))]), "input"]));
        Assert.Equal([0, 1, 2, 3], Assert.IsType<Affine>(Assert.Single(import.Graph.Nodes).Operator).Bias!.Values.ToArray());
        Assert.Equal(Extent.Symbol("height"), import.Graph.Inputs[0].Shape.Height);
    }

    [Theory]
    [InlineData("Add", true, 3.5f)]
    [InlineData("Sub", true, 0.5f)]
    [InlineData("Mul", true, 3f)]
    [InlineData("Div", true, 4 / 3f)]
    [InlineData("Sub", false, -0.5f)]
    [InlineData("Neg", true, -2f)]
    public void Arithmetic_with_constants(string @operator, bool imageFirst, float expected)
    {
        var model = new OnnxModel(channels: 1);
        string constant = model.Floats([], 1.5f);
        OnnxImport import = model.Import(model.Node(@operator, @operator == "Neg" ? ["input"] : imageFirst ? ["input", constant] : [constant, "input"]));
        Tensor output = OnnxModel.Run(import.Graph, new Tensor(1, 1, 1, [2f]));
        Assert.Equal(expected, output.Values[0], 1e-6);
    }

    [Theory]
    [InlineData("Upsample", 9, "nearest", "", "", "ResizeNearest")]
    [InlineData("Resize", 13, "nearest", "asymmetric", "floor", "ResizeNearest")]
    [InlineData("Resize", 11, "nearest", "half_pixel", "round_prefer_floor", "ResizeNearest")]
    [InlineData("Resize", 13, "linear", "half_pixel", "", "ResizeBilinear")]
    [InlineData("Resize", 18, "linear", "pytorch_half_pixel", "", "ResizeBilinear")]
    public void Resizing_by_a_whole_factor(string @operator, int opset, string mode, string coordinates, string rounding, string kind)
    {
        var model = new OnnxModel(opset);
        string scales = model.Floats([4], 1, 1, 3, 3);
        (string, object)[] attributes = [("mode", mode), .. coordinates.Length > 0 ? [("coordinate_transformation_mode", (object)coordinates)] : Array.Empty<(string, object)>(), .. rounding.Length > 0 ? [("nearest_mode", (object)rounding)] : Array.Empty<(string, object)>()];
        OnnxImport import = model.Import(model.Node(@operator, opset < 11 ? ["input", scales] : ["input", "", scales], attributes));
        Assert.Equal([kind], Kinds(import));
        Assert.Equal(Extent.Symbol("height").Times(3), Shapes(import)[import.Graph.Outputs[0].Tensor].Height);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_size_computed_from_the_image_is_a_factor(bool isFree)
    {
        var model = new OnnxModel();
        if (isFree)
        {
            model.Proto.Graph.Input.Clear();
            model.Input("input", -1, 4, -2, -3);
        }

        string shape = model.Node("Shape", ["input"]);
        string Doubled(int axis)
        {
            string size = model.Node("Cast", [model.Node("Gather", [shape, model.Integers(axis)], ("axis", 0))], ("to", 1));
            return model.Node("Cast", [model.Node("Floor", [model.Node("Mul", [size, model.Floats([1], 2)])])], ("to", 7));
        }

        string leading = model.Node("Slice", [shape, model.Integers(0), model.Integers(2), model.Integers(0)]);
        string sizes = model.Node("Concat", [leading, Doubled(2), Doubled(3)], ("axis", 0));
        OnnxImport import = model.Import(model.Node("Resize", ["input", "", "", sizes], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel")));
        Assert.Equal(2, Assert.IsType<ResizeBilinear>(Assert.Single(import.Graph.Nodes).Operator).Factor);
    }

    [Theory]
    [InlineData("CRD")]
    [InlineData("DCR")]
    [InlineData("Reshape")]
    public void Pixel_shuffles_in_every_spelling(string spelling)
    {
        var model = new OnnxModel(channels: 8, height: 2, width: 3);
        string output = spelling == "Reshape"
            ? model.Node("Reshape", [model.Node("Transpose", [model.Node("Reshape", ["input", model.Integers(1, 2, 2, 2, 2, 3)])], ("perm", new long[] { 0, 1, 4, 2, 5, 3 })), model.Integers(1, 2, 4, 6)])
            : model.Node("DepthToSpace", ["input"], ("blocksize", 2), ("mode", spelling));
        OnnxImport import = model.Import(output);
        Assert.Equal(new TensorShape(2, Extent.Symbol("height").Times(2), Extent.Symbol("width").Times(2)), Shapes(import)[import.Graph.Outputs[0].Tensor]);

        // Channel c holds c: the pixels of output channel 0 tell the order.
        Tensor result = OnnxModel.Run(import.Graph, new Tensor(8, 1, 1, [0, 1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal(spelling == "DCR" ? [0, 2, 4, 6] : [0, 1, 2, 3], result.Values[..4]);
    }

    [Fact]
    public void Channels_are_sliced_split_and_joined()
    {
        var model = new OnnxModel();
        string first = model.Node("Slice", ["input", model.Integers(0), model.Integers(1), model.Integers(1)]);
        string last = model.Node("Slice", ["input", model.Integers(-1), model.Integers(long.MaxValue), model.Integers(1)]);
        string picked = model.Node("Gather", ["input", model.Integers(2, 1)], ("axis", 1));
        OnnxImport import = model.Import(model.Node("Concat", [last, first, picked], ("axis", 1)));
        Assert.Equal([3, 0, 2, 1], OnnxModel.Run(import.Graph, new Tensor(4, 1, 1, [0, 1, 2, 3])).Values);
    }

    [Fact]
    public void A_split_makes_several_images()
    {
        var model = new OnnxModel();
        string left = model.Node("Split", ["input", model.Integers(1, 3)], ("axis", 1));
        model.Proto.Graph.Node[^1].Output.Add("right");
        OnnxImport import = model.Import(model.Node("Concat", ["right", left], ("axis", 1)));
        Assert.Equal([1, 2, 3, 0], OnnxModel.Run(import.Graph, new Tensor(4, 1, 1, [0, 1, 2, 3])).Values);
    }

    [Fact]
    public void Identities_and_dropout_vanish()
    {
        var model = new OnnxModel();
        OnnxImport import = model.Import(model.Node("Identity", [model.Node("Relu", [model.Node("Dropout", [model.Node("Identity", ["input"])])])]));
        Assert.Equal(["Relu"], Kinds(import));
        Assert.Contains("removed 3 identities", import.Report.Lines);
        Assert.Equal("imported 4 of 4 nodes: 0 binary convolutions, 0 full-precision, 0 shifts, 0 gates", import.Report.Summary);
    }

    [Fact]
    public void Batch_norms_convolutions_and_rectifiers_keep_their_numbers()
    {
        var model = new OnnxModel();
        string convolved = model.Node("Conv", ["input", model.Random(1, 6, 2, 3, 3), model.Random(2, 6)], ("group", 2), ("pads", new long[] { 1, 2, 3, 4 }), ("strides", new long[] { 2, 1 }), ("dilations", new long[] { 1, 2 }));
        string normed = model.Node("BatchNormalization", [convolved, model.Random(3, 6), model.Random(4, 6), model.Random(5, 6), model.Floats([6], 1, 2, 3, 4, 5, 6)], ("epsilon", 0.5f));
        OnnxImport import = model.Import(model.Node("Clip", [model.Node("LeakyRelu", [normed], ("alpha", 0.25f)), model.Floats([], 0)]));
        Assert.Equal(["Conv2d", "BatchNorm", "LeakyRelu", "Relu"], Kinds(import));
        Conv2d convolution = Assert.IsType<Conv2d>(import.Graph.Nodes[0].Operator);
        Assert.Equal((new Window(2, 1, 1, 2, 3, 4, 1, 2), 2), (convolution.Window, convolution.Groups));
        Assert.Equal(0.5f, Assert.IsType<BatchNorm>(import.Graph.Nodes[1].Operator).Epsilon);
        Assert.Equal(0.25f, Assert.IsType<LeakyRelu>(import.Graph.Nodes[2].Operator).Slope);
    }

    [Fact]
    public void A_network_that_depends_on_its_size_keeps_it()
    {
        var model = new OnnxModel(height: 4, width: 4);
        string flipped = model.Node("Reshape", ["input", model.Integers(1, 4, 4, 4)]);
        model.Input("other", 1, 4, 2, 2);
        string large = model.Node("Resize", ["other", "", model.Floats([4], 1, 1, 2, 2)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        OnnxImport import = model.Import(model.Node("Add", [flipped, large]));
        Assert.Equal(Extent.Constant(4), import.Graph.Inputs[0].Shape.Height);
        Assert.Contains(import.Report.Lines, l => l.StartsWith("keeps the size of the export: input 'other'", StringComparison.Ordinal));
    }

    private static string Soft(OnnxModel model, string surrogate) => surrogate switch
    {
        "tanh" => model.Node("Tanh", [model.Node("Mul", ["input", model.Floats([], 1.3f)])]),
        _ => model.Node("Clip", ["input", model.Floats([], -1), model.Floats([], 1)]),
    };

    private static string BinaryWeights(OnnxModel model) =>
        model.Floats([2, 4, 3, 3], [.. OnnxModel.RandomValues(5, 72).Select((v, i) => MathF.Sign(v) * (i < 36 ? 0.25f : 0.75f))]);

    private static string Convolve(OnnxModel model, string input, string weight) => model.Node("Conv", [input, weight], ("pads", new long[] { 1, 1, 1, 1 }));

    private static string AddExpanded(OnnxModel model, string input, string constant) => model.Node("Add", [input, model.Node("Expand", [constant, model.Node("Shape", [input])])]);

    private static string[] Kinds(OnnxImport import) => [.. import.Graph.Nodes.Select(n => n.Operator.Kind)];

    private static ShapeTable Shapes(OnnxImport import) => ShapeInference.Infer(import.Graph).Value!;
}

using Bitloom.Import.Onnx;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>Axes in another order, normalisation over channels, Linear layers.</summary>
public sealed class LayoutPatternTests
{
    private static readonly float[] Gamma = [0.5f, -1, 2, 1.5f];

    private static readonly float[] Beta = [1, 0.25f, 0, -3];

    /// <summary>x + LayerNorm(x) between transposes, as ConvNeXt and BiSRNet have it.</summary>
    [Theory]
    [InlineData(11, "Pow", "Div")]
    [InlineData(13, "Mul", "Div")]
    [InlineData(18, "Pow", "Reciprocal")]
    [InlineData(13, "Pow", "Pow")]
    [InlineData(17, "LayerNormalization", "")]
    public void A_layer_normalisation_over_channels_is_found_in_every_spelling(int opset, string square, string divide)
    {
        var model = new OnnxModel(opset, 4, 2, 3);
        string last = model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 })), gamma = model.Floats([4], Gamma), beta = model.Floats([4], Beta);
        string normed = square == "LayerNormalization"
            ? model.Node("LayerNormalization", [last, gamma, beta], ("axis", -1), ("epsilon", 0.01f))
            : model.Node("Add", [model.Node("Mul", [Normalise(model, opset, last, square, divide, -1), gamma]), beta]);
        OnnxImport import = model.Import(model.Node("Transpose", [model.Node("Add", [normed, last])], ("perm", new long[] { 0, 3, 1, 2 })));
        Assert.Equal(["LayerNorm", "Add"], import.Graph.Nodes.Select(n => n.Operator.Kind));
        AssertNormalised(import, addsInput: true);
    }

    [Fact]
    public void A_layer_normalisation_written_over_axis_1_needs_no_transposes()
    {
        var model = new OnnxModel(13, 4, 2, 3);
        string weighed = model.Node("Mul", [model.Floats([4, 1, 1], Gamma), Normalise(model, 13, "input", "Pow", "Div", 1)]);
        OnnxImport import = model.Import(model.Node("Add", [weighed, model.Floats([4, 1, 1], Beta)]));
        Assert.Equal(["LayerNorm"], import.Graph.Nodes.Select(n => n.Operator.Kind));
        AssertNormalised(import, addsInput: false);
    }

    [Fact]
    public void Normalisation_over_other_axes_is_refused()
    {
        var model = new OnnxModel(17);
        Assert.Contains("not over channels", model.Refusal(model.Node("LayerNormalization", ["input", model.Random(1, 5), model.Random(2, 5)])), StringComparison.Ordinal);
        model = new OnnxModel();
        Assert.Contains("not over channels", model.Refusal(Normalise(model, 13, "input", "Pow", "Div", 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_in_different_orders_do_not_add_and_are_no_output()
    {
        var model = new OnnxModel(height: 4, width: 4);
        string turned = model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 }));
        Assert.Contains("have the axes", model.Refusal(model.Node("Add", ["input", turned])), StringComparison.Ordinal);
        model = new OnnxModel();
        Assert.Contains("has the axes batch, height, width, channels", model.Refusal(model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 }))), StringComparison.Ordinal);
        model = new OnnxModel(height: 6, width: 6);
        Assert.Contains("has the axes", model.Refusal(model.Node("Transpose", ["input"], ("perm", new long[] { 0, 1, 3, 2 }))), StringComparison.Ordinal);
    }

    /// <summary>2 x 1 x 2 to 3 outputs; item i of the flat image times row o of the weight.</summary>
    [Theory]
    [InlineData("Gemm", false)]
    [InlineData("Gemm transB", false)]
    [InlineData("MatMul", false)]
    [InlineData("Gemm", true)]
    public void A_Linear_layer_reads_a_flattened_image(string @operator, bool isChannelsLast)
    {
        var model = new OnnxModel(channels: 2, height: 1, width: 2);
        string image = isChannelsLast ? model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 })) : "input";
        string flat = model.Node("Dropout", [model.Node("Flatten", [image])]);
        float[] rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], columns = [.. Enumerable.Range(0, 12).Select(i => rows[(i % 3 * 4) + (i / 3)])];
        string output = @operator switch
        {
            "Gemm transB" => model.Node("Gemm", [flat, model.Floats([3, 4], rows), model.Floats([3], 1, 1, 1)], ("transB", 1), ("alpha", 2f), ("beta", 3f)),
            "Gemm" => model.Node("Gemm", [flat, model.Floats([4, 3], columns)]),
            _ => model.Node("MatMul", [flat, model.Floats([4, 3], columns)]),
        };
        OnnxImport import = model.Import(output);
        Tensor result = OnnxModel.Run(import.Graph, new Tensor(2, 1, 2, [1, 10, 100, 1000]));

        // Channels last, the items are 1, 100, 10, 1000.
        float[] items = isChannelsLast ? [1, 100, 10, 1000] : [1, 10, 100, 1000];
        float[] sums = [.. Enumerable.Range(0, 3).Select(o => items.Select((v, i) => v * rows[(o * 4) + i]).Sum())];
        Assert.Equal(@operator == "Gemm transB" ? sums.Select(s => (2 * s) + 3) : sums, result.Values);
        Assert.Contains(import.Report.Lines, l => l.StartsWith("keeps the size of the export", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ReduceMean", 13)]
    [InlineData("ReduceMean axes input", 18)]
    [InlineData("GlobalAveragePool Flatten", 9)]
    [InlineData("GlobalAveragePool Squeeze", 13)]
    [InlineData("GlobalAveragePool Reshape", 11)]
    public void An_average_before_a_Linear_layer_frees_the_size(string spelling, int opset)
    {
        var model = new OnnxModel(opset);
        string average = spelling switch
        {
            "ReduceMean" => model.Node("ReduceMean", ["input"], ("axes", new long[] { 2, 3 }), ("keepdims", 0)),
            "ReduceMean axes input" => model.Node("ReduceMean", ["input", model.Integers(-1, -2)], ("keepdims", 0)),
            "GlobalAveragePool Flatten" => model.Node("Flatten", [model.Node("GlobalAveragePool", ["input"])]),
            "GlobalAveragePool Squeeze" => model.Node("Squeeze", [model.Node("GlobalAveragePool", ["input"]), model.Integers(2, 3)]),
            _ => model.Node("Reshape", [model.Node("GlobalAveragePool", ["input"]), model.Integers(1, -1)]),
        };
        OnnxImport import = model.Import(model.Node("Relu", [model.Node("Gemm", [average, model.Random(1, 4, 7)])]));
        Assert.Equal(["GlobalAveragePool", "Conv2d", "Relu"], import.Graph.Nodes.Select(n => n.Operator.Kind));
        Assert.Equal(7, OnnxModel.Run(import.Graph, Tensor.Zeros(4, 9, 13)).Values.Length);
    }

    [Fact]
    public void A_Linear_layer_on_channels_last_is_a_convolution_of_pixels()
    {
        var model = new OnnxModel();
        string last = model.Node("Transpose", ["input"], ("perm", new long[] { 0, 2, 3, 1 }));
        string linear = model.Node("Add", [model.Node("MatMul", [last, model.Random(1, 4, 7)]), model.Random(2, 7)]);
        OnnxImport import = model.Import(model.Node("Transpose", [linear], ("perm", new long[] { 0, 3, 1, 2 })));
        Assert.Equal(["Conv2d", "Affine"], import.Graph.Nodes.Select(n => n.Operator.Kind));
    }

    [Fact]
    public void A_Linear_layer_of_signs_is_binary()
    {
        var model = new OnnxModel(channels: 4, height: 1, width: 1);
        string signs = model.Node("Sign", [model.Node("Flatten", ["input"])]);
        OnnxImport import = model.Import(model.Node("Gemm", [signs, model.Floats([2, 4], 0.5f, -0.5f, 0.5f, 0.5f, 2, 2, 2, -2)], ("transB", 1)));
        Assert.Equal(1, import.Report.BinaryConvolutions);
        Assert.Equal([0.5f * 2, 2 * 2], OnnxModel.Run(import.Graph, new Tensor(4, 1, 1, [3, -3, 3, -3])).Values);
    }

    [Fact]
    public void Scores_are_weighed_and_chosen()
    {
        var model = new OnnxModel();
        string softmax = model.Node("Softmax", ["input"], ("axis", 1));
        OnnxImport import = model.Import(model.Node("Cast", [model.Node("ArgMax", [softmax], ("axis", 1), ("keepdims", 0))], ("to", 1)));
        Assert.Equal(["Softmax", "ArgMax"], import.Graph.Nodes.Select(n => n.Operator.Kind));
        Assert.Equal(2, OnnxModel.Run(import.Graph, new Tensor(4, 1, 1, [0, 1, 5, 5])).Values[0]);
        model = new OnnxModel();
        Assert.Contains("not over channels", model.Refusal(model.Node("Softmax", ["input"], ("axis", 3))), StringComparison.Ordinal);
        model = new OnnxModel(opset: 11);
        Assert.Contains("not over channels", model.Refusal(model.Node("Softmax", ["input"], ("axis", 1))), StringComparison.Ordinal);
    }

    private static string Normalise(OnnxModel model, int opset, string x, string square, string divide, long axis)
    {
        string difference = model.Node("Sub", [x, Mean(x)]);
        string squared = square == "Pow" ? model.Node("Pow", [difference, model.Floats([], 2)]) : model.Node("Mul", [difference, difference]);
        string variance = model.Node("Add", [Mean(squared), model.Floats([], 0.01f)]);
        return divide switch
        {
            "Div" => model.Node("Div", [difference, model.Node("Sqrt", [variance])]),
            "Reciprocal" => model.Node("Mul", [difference, model.Node("Reciprocal", [model.Node("Sqrt", [variance])])]),
            _ => model.Node("Mul", [model.Node("Pow", [variance, model.Floats([], -0.5f)]), difference]),
        };

        string Mean(string value) => opset < 18 ? model.Node("ReduceMean", [value], ("axes", new long[] { axis }), ("keepdims", 1)) : model.Node("ReduceMean", [value, model.Integers(axis)], ("keepdims", 1));
    }

    // Against the definition, in double.
    private static void AssertNormalised(OnnxImport import, bool addsInput)
    {
        var image = new Tensor(4, 2, 3, OnnxModel.RandomValues(7, 24));
        Tensor result = OnnxModel.Run(import.Graph, image);
        for (int pixel = 0; pixel < 6; pixel++)
        {
            double[] x = [.. Enumerable.Range(0, 4).Select(c => (double)image.Values[(c * 6) + pixel])];
            double mean = x.Average(), variance = x.Average(v => (v - mean) * (v - mean));
            for (int c = 0; c < 4; c++)
                Assert.Equal(((x[c] - mean) / Math.Sqrt(variance + 0.01) * Gamma[c]) + Beta[c] + (addsInput ? x[c] : 0), result.Values[(c * 6) + pixel], 1e-5);
        }
    }
}

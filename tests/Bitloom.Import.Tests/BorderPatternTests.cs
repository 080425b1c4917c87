using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>Rows and columns that are added, cut off, moved, pooled and resampled; sizes that follow.</summary>
public sealed class BorderPatternTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(18)]
    public void Padding_in_every_spelling(int opset)
    {
        var model = new OnnxModel(opset, 1, 3, 3);
        string padded = opset switch
        {
            9 => model.Node("Pad", ["input"], ("pads", new long[] { 0, 0, 1, 2, 0, 0, 0, 1 }), ("mode", "reflect")),
            13 => model.Node("Pad", ["input", model.Integers(0, 0, 1, 2, 0, 0, 0, 1)], ("mode", "reflect")),
            _ => model.Node("Pad", ["input", model.Integers(1, 2, 0, 1), "", model.Integers(2, -1)], ("mode", "reflect")),
        };
        OnnxImport import = model.Import(padded);
        Assert.Equal(new Pad(1, 2, 0, 1, PadMode.Reflect), Assert.Single(import.Graph.Nodes).Operator);
        Assert.Contains("height must be at least 2", import.Report.Lines);
        Assert.Contains("width must be at least 3", import.Report.Lines);
    }

    [Theory]
    [InlineData("edge", 0f, "mode edge")]
    [InlineData("constant", 1f, "pads with 1")]
    public void Other_padding_is_refused(string mode, float value, string message)
    {
        var model = new OnnxModel();
        Assert.Contains(message, model.Refusal(model.Node("Pad", ["input", model.Integers(0, 0, 1, 1, 0, 0, 1, 1), model.Floats([], value)], ("mode", mode))), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_before_a_convolution_of_signs_are_its_padding()
    {
        var model = new OnnxModel();
        string padded = model.Node("Pad", [model.Node("Sign", ["input"]), model.Integers(0, 0, 1, 0, 0, 0, 1, 2)]);
        OnnxImport import = model.Import(model.Node("Conv", [padded, model.Floats([1, 4, 3, 3], [.. OnnxModel.RandomValues(1, 36).Select(v => (float)MathF.Sign(v))])]));
        Assert.Equal(new Window(1, 1, 1, 0, 1, 2), import.Graph.Nodes.Select(n => n.Operator).OfType<BinaryConv2d>().Single().Window);
    }

    /// <summary>What fills up to a multiple of 8, as three programs compute it, and a slice back to the input's size.</summary>
    [Theory]
    [InlineData("-size % 8")]
    [InlineData("(8 - size % 8) % 8")]
    [InlineData("(size + 7) // 8 * 8 - size")]
    public void Padding_to_a_multiple_is_found_in_shape_arithmetic(string spelling)
    {
        var model = new OnnxModel(channels: 1);
        model.Proto.Graph.Input.Clear();
        model.Input("input", 1, 1, -2, -3);
        string shape = model.Node("Shape", ["input"]), eight = model.Integers(8), zeros = model.Integers(0, 0);
        string Size(int axis) => model.Node("Slice", [shape, model.Integers(axis), model.Integers(axis + 1), model.Integers(0)]);
        string Fill(string size) => spelling switch
        {
            "-size % 8" => model.Node("Mod", [model.Node("Neg", [size]), eight]),
            "(8 - size % 8) % 8" => model.Node("Mod", [model.Node("Sub", [eight, model.Node("Mod", [size, eight])]), eight]),
            _ => model.Node("Sub", [model.Node("Mul", [model.Node("Div", [model.Node("Add", [size, model.Integers(7)]), eight]), eight]), size]),
        };
        string padded = model.Node("Pad", ["input", model.Node("Concat", [zeros, zeros, zeros, Fill(Size(2)), Fill(Size(3))], ("axis", 0))], ("mode", "reflect"));
        string first = model.Node("Slice", [model.Node("Relu", [padded]), model.Integers(0), Size(2), model.Integers(2), model.Integers(1)]);
        OnnxImport import = model.Import(model.Node("Slice", [first, model.Integers(0), Size(3), model.Integers(3), model.Integers(1)]));
        Assert.Equal([new PadToMultiple((8, 8), PadMode.Reflect), new Relu(), new CropLike()], import.Graph.Nodes.Select(n => n.Operator));
        Assert.Contains("height must be at least 5", import.Report.Lines);
        var image = new Tensor(1, 9, 16, [.. OnnxModel.RandomValues(1, 144).Select(MathF.Abs)]);
        Assert.Equal(image.Values, OnnxModel.Run(import.Graph, image).Values);
    }

    /// <summary>Halved twice and doubled again, the image comes back where its size is a multiple of 4.</summary>
    [Fact]
    public void A_network_that_halves_its_image_says_what_sizes_it_takes()
    {
        var model = new OnnxModel(channels: 1, height: 24, width: 36);
        string Halve(string value) => model.Node("MaxPool", [value], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        string Double(string value) => model.Node("Resize", [value, "", model.Floats([4], 1, 1, 2, 2)], ("mode", "linear"), ("coordinate_transformation_mode", "pytorch_half_pixel"));
        OnnxImport import = model.Import(model.Node("Add", [Double(Double(Halve(Halve("input")))), "input"]));
        Assert.Equal((Extent.Symbol("height", 4), Extent.Symbol("width", 4)), (import.Graph.Inputs[0].Shape.Height, import.Graph.Inputs[0].Shape.Width));
        Assert.Contains("height and width must be multiples of 4", import.Report.Lines);
        Assert.Equal(8 * 12, OnnxModel.Run(import.Graph, Tensor.Zeros(1, 8, 12)).Values.Length);
    }

    [Fact]
    public void Slices_of_rows_and_columns_cut()
    {
        var model = new OnnxModel(channels: 1, height: 4, width: 4);
        OnnxImport import = model.Import(model.Node("Slice", ["input", model.Integers(1, 0), model.Integers(long.MaxValue, -1), model.Integers(2, 3)]));
        Assert.Equal(new Crop(1, 0, 0, 1), Assert.Single(import.Graph.Nodes).Operator);
        Assert.Equal(Extent.Symbol("height"), import.Graph.Inputs[0].Shape.Height);

        // An end that is a number below the size says nothing about other sizes.
        model = new OnnxModel(channels: 1, height: 4, width: 4);
        import = model.Import(model.Node("Slice", ["input", model.Integers(0), model.Integers(3), model.Integers(2)]));
        Assert.Equal(Extent.Constant(4), import.Graph.Inputs[0].Shape.Height);
        Assert.Contains(import.Report.Lines, l => l.Contains("ends at row or column 3", StringComparison.Ordinal));
    }

    /// <summary>GhostSR's shift is exported as a depthwise convolution.</summary>
    [Theory]
    [InlineData(1f)]
    [InlineData(-0.5f)]
    public void A_one_hot_depthwise_convolution_is_a_shift(float weight)
    {
        var model = new OnnxModel(channels: 2, height: 3, width: 3);
        float[] kernel = new float[18];
        (kernel[1], kernel[9 + 8]) = (weight, weight);
        OnnxImport import = model.Import(model.Node("Conv", ["input", model.Floats([2, 1, 3, 3], kernel)], ("group", 2), ("pads", new long[] { 1, 1, 1, 1 })));
        Assert.Equal(weight == 1 ? ["Shift"] : ["Shift", "Affine"], import.Graph.Nodes.Select(n => n.Operator.Kind));
        Assert.Equal((0, 1), (import.Report.FullPrecision, import.Report.Shifts));
        Assert.Equal(new Shift([-1, 1], [0, 1]), import.Graph.Nodes[0].Operator);
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Tensor result = OnnxModel.Run(import.Graph, new Tensor(2, 3, 3, [.. image, .. image]));
        Assert.Equal(new float[] { 0, 0, 0, 1, 2, 3, 4, 5, 6, 5, 6, 0, 8, 9, 0, 0, 0, 0 }.Select(v => v * weight), result.Values);
    }

    [Fact]
    public void A_kernel_with_two_weights_is_no_shift()
    {
        var model = new OnnxModel(channels: 1);
        OnnxImport import = model.Import(model.Node("Conv", ["input", model.Floats([1, 1, 3, 3], 0, 1, 0, 0, 1e-30f, 0, 0, 0, 0)], ("pads", new long[] { 1, 1, 1, 1 })));
        Assert.Equal((1, 0), (import.Report.FullPrecision, import.Report.Shifts));
    }

    [Fact]
    public void Padding_on_one_side_and_slicing_on_the_other_is_a_shift()
    {
        var model = new OnnxModel(channels: 1, height: 3, width: 2);
        string padded = model.Node("Pad", ["input", model.Integers(0, 0, 1, 1, 0, 0, 1, 1)]);
        OnnxImport import = model.Import(model.Node("Slice", [padded, model.Integers(2, 0), model.Integers(5, 2), model.Integers(2, 3)]));
        Assert.Equal(new Shift([1], [-1]), Assert.Single(import.Graph.Nodes).Operator);
        Assert.Equal(Extent.Symbol("height"), import.Graph.Inputs[0].Shape.Height);
        Assert.Equal([0, 3, 0, 5, 0, 0], OnnxModel.Run(import.Graph, new Tensor(1, 3, 2, [1, 2, 3, 4, 5, 6])).Values);
    }

    [Fact]
    public void Pooling_keeps_its_window()
    {
        var model = new OnnxModel();
        string pooled = model.Node("MaxPool", ["input"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        string average = model.Node("AveragePool", [pooled], ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 0, 0 }), ("count_include_pad", 1));
        OnnxImport import = model.Import(average);
        Assert.Equal([new MaxPool((3, 3), new Window(2, 2, 1, 1, 1, 1)), new AveragePool((2, 2), new Window(1, 1, 1), true)], import.Graph.Nodes.Select(n => n.Operator));
    }

    /// <summary>Windows of 3 at every second column: the last hangs over the edge, and ceil_mode takes it.</summary>
    [Fact]
    public void A_window_that_hangs_over_the_edge_is_kept()
    {
        var model = new OnnxModel(channels: 1, height: 1, width: 5);
        OnnxImport import = model.Import(model.Node("MaxPool", ["input"], ("kernel_shape", new long[] { 1, 3 }), ("strides", new long[] { 1, 2 }), ("ceil_mode", 1)));
        Assert.Equal([3, 5, 6], OnnxModel.Run(import.Graph, new Tensor(1, 1, 6, [1, 2, 3, 4, 5, 6])).Values);

        // A window that begins behind the last column is none.
        model = new OnnxModel(channels: 1, height: 1, width: 6);
        Assert.Contains("ceil_mode", model.Refusal(model.Node("MaxPool", ["input"], ("kernel_shape", new long[] { 1, 2 }), ("strides", new long[] { 1, 3 }), ("ceil_mode", 1))), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, float, Operator> Resizes => new()
    {
        { "linear", "half_pixel", "", 0.5f, Resize.By(1, 2, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel) },
        { "linear", "align_corners", "", 2, Resize.By(2, 1, ResizeMethod.Bilinear, ResizeCoordinates.AlignCorners) },
        { "cubic", "half_pixel", "", 1.5f, Resize.By(3, 2, ResizeMethod.Bicubic, ResizeCoordinates.HalfPixel) },
        { "nearest", "asymmetric", "floor", 0.25f, Resize.By(1, 4, ResizeMethod.Nearest, ResizeCoordinates.Asymmetric) },
        { "nearest", "half_pixel", "round_prefer_ceil", 0.5f, Resize.By(1, 2, ResizeMethod.Nearest, ResizeCoordinates.HalfPixel) },
    };

    [Theory]
    [MemberData(nameof(Resizes))]
    public void Resizing_by_a_ratio(string mode, string coordinates, string rounding, float factor, Operator expected)
    {
        var model = new OnnxModel(channels: 1, height: 8, width: 8);
        (string, object)[] attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates), .. rounding.Length > 0 ? [("nearest_mode", (object)rounding)] : Array.Empty<(string, object)>()];
        Assert.Equal(expected, Assert.Single(model.Import(model.Node("Resize", ["input", "", model.Floats([4], 1, 1, factor, factor)], attributes)).Graph.Nodes).Operator);
    }

    [Theory]
    [InlineData(13, false)]
    [InlineData(18, true)]
    public void Resizing_to_a_size(int opset, bool namesAxes)
    {
        var model = new OnnxModel(opset, 1, 9, 12);
        string sizes = namesAxes ? model.Integers(7, 5) : model.Integers(1, 1, 7, 5);
        (string, object)[] attributes = [("mode", "linear"), .. namesAxes ? [("axes", (object)new long[] { 2, 3 })] : Array.Empty<(string, object)>()];
        OnnxImport import = model.Import(model.Node("Resize", ["input", "", "", sizes], attributes));
        Assert.Equal(Resize.To(7, 5, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel), Assert.Single(import.Graph.Nodes).Operator);
        Assert.Equal(35, OnnxModel.Run(import.Graph, Tensor.Zeros(1, 20, 30)).Values.Length);
    }

    [Fact]
    public void Channels_are_shuffled_between_groups()
    {
        var model = new OnnxModel(channels: 6);
        string view = model.Node("Reshape", ["input", model.Integers(1, 2, 3, 6, 5)]);
        string turned = model.Node("Transpose", [view], ("perm", new long[] { 0, 2, 1, 3, 4 }));
        OnnxImport import = model.Import(model.Node("Reshape", [turned, model.Integers(1, 6, 6, 5)]));
        Assert.Equal(new SelectChannels([0, 3, 1, 4, 2, 5]), Assert.Single(import.Graph.Nodes).Operator);
        Assert.Equal(Extent.Symbol("height"), import.Graph.Inputs[0].Shape.Height);
    }

    [Fact]
    public void A_mask_of_one_channel_multiplies_all()
    {
        var model = new OnnxModel(channels: 3);
        model.Input("mask", 1, 1, 6, 5);
        OnnxImport import = model.Import(model.Node("Mul", ["input", model.Node("Sigmoid", ["mask"])]));
        Assert.Equal(["Sigmoid", "SelectChannels", "Multiply"], import.Graph.Nodes.Select(n => n.Operator.Kind));
    }
}

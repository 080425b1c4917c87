using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>How exporters spell signs, and what each spelling makes of 0.</summary>
public sealed class SignPatternTests
{
    private static readonly long[] WeightShape = [2, 4, 3, 3];

    [Theory]
    [InlineData("x >= 0 ? 1 : -1", 1)]
    [InlineData("x > 0 ? 1 : -1", -1)]
    [InlineData("x < 0 ? -1 : 1", 1)]
    [InlineData("x <= 0 ? -1 : 1", -1)]
    [InlineData("0 <= x ? 1 : -1", 1)]
    [InlineData("0 < x ? 1 : -1", -1)]
    [InlineData("not x < 0 ? 1 : -1", 1)]
    [InlineData("ones like x", 1)]
    [InlineData("whole numbers", -1)]
    [InlineData("2 * (x >= 0) - 1", 1)]
    [InlineData("(x > 0) * 2 + -1", -1)]
    public void A_sign_by_comparison_makes_of_0_what_it_says(string spelling, int atZero)
    {
        var model = new OnnxModel();
        float[] weights = [.. OnnxModel.RandomValues(5, 72).Select(v => MathF.Sign(v) * 0.5f)];
        NetworkGraph graph = Import(model, model.Node("Conv", [Spell(model, spelling), model.Floats(WeightShape, weights)], ("pads", new long[] { 1, 1, 1, 1 })));
        Assert.Equal(1, graph.Nodes.Count(n => n.Operator is BinaryConv2d));
        Assert.Equal(Expected(weights, v => v > 0 ? 1 : v < 0 ? -1 : atZero), OnnxModel.Run(graph, Image()).Values);
    }

    [Fact]
    public void The_opposite_sign_is_the_sign_of_the_negative()
    {
        var model = new OnnxModel();
        float[] weights = [.. OnnxModel.RandomValues(5, 72).Select(v => MathF.Sign(v) * 0.5f)];
        NetworkGraph graph = Import(model, model.Node("Conv", [Where(model, "GreaterOrEqual", "input", -1, 1), model.Floats(WeightShape, weights)], ("pads", new long[] { 1, 1, 1, 1 })));
        Assert.Equal(Expected(weights, v => v >= 0 ? -1 : 1), OnnxModel.Run(graph, Image()).Values);
    }

    [Fact]
    public void A_spelled_sign_under_an_estimator_is_found()
    {
        var model = new OnnxModel();
        string soft = model.Node("Tanh", ["input"]), hard = Spell(model, "ones like x");
        string estimated = model.Node("Add", [model.Node("Sub", [hard, soft]), soft]);
        NetworkGraph graph = Import(model, model.Node("Conv", [estimated, model.Floats(WeightShape, [.. Enumerable.Repeat(1f, 72)])]));
        Assert.Equal(["Sign", "BinaryConv2d", "Affine"], graph.Nodes.Select(n => n.Operator.Kind));
    }

    [Theory]
    [InlineData("GreaterOrEqual", 1)]
    [InlineData("Greater", -1)]
    public void A_spelled_sign_of_weights_gives_zeros_a_sign(string comparison, int atZero)
    {
        var model = new OnnxModel();
        float[] real = [.. OnnxModel.RandomValues(5, 72).Select((v, i) => i % 7 == 0 ? 0 : v)];
        string weights = Where(model, comparison, model.Floats(WeightShape, real), 1, -1);
        BitTensor bits = Import(model, model.Node("Conv", [model.Node("Sign", ["input"]), weights])).Nodes.Select(n => n.Operator).OfType<BinaryConv2d>().Single().Weight;
        for (int i = 0; i < real.Length; i++) Assert.Equal(real[i] > 0 || (real[i] == 0 && atZero > 0), bits[i / 36, i % 36]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, -2)]
    [InlineData(0, 1)]
    public void A_choice_of_other_numbers_is_no_sign(float yes, float no)
    {
        var model = new OnnxModel();
        Assert.Contains("(GreaterOrEqual): this operator over images is not supported; the nearest that is: Where(x >= 0, 1, -1)", model.Refusal(Where(model, "GreaterOrEqual", "input", yes, no)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 4)]
    public void Exact_zeros_are_kept(bool hasZeroWeights, int convolutions)
    {
        var model = new OnnxModel();
        float[] weights = [.. OnnxModel.RandomValues(5, 72).Select((v, i) => hasZeroWeights && i is 3 or 40 ? 0 : MathF.Sign(v) * 0.5f)];
        string output = model.Node("Conv", [model.Node("Sign", ["input"]), model.Floats(WeightShape, weights), model.Floats([2], 0.25f, -3)], ("pads", new long[] { 1, 1, 1, 1 }));
        OnnxImport import = Keeping(model, output);
        Assert.Equal(convolutions, import.Graph.Nodes.Count(n => n.Operator is BinaryConv2d));
        Assert.Equal(1, import.Report.BinaryConvolutions);
        Assert.Contains(import.Report.Lines, l => l.Contains("sign(0) = 0 is kept: 1 binary", StringComparison.Ordinal) && l.Contains("twice the binary work", StringComparison.Ordinal));
        float[] expected = [.. Expected(weights, v => MathF.Sign(v)).Select((v, i) => v + (i < 30 ? 0.25f : -3))];
        Assert.Equal(expected, OnnxModel.Run(import.Graph, Image()).Values);
    }

    [Fact]
    public void Opposite_signs_follow_choices_of_channels_and_are_made_once()
    {
        var model = new OnnxModel();
        string sign = model.Node("Sign", ["input"]), chosen = model.Node("Gather", [sign, model.Integers(2, 0, 1, 3)], ("axis", 1));
        string joined = model.Node("Concat", [chosen, sign], ("axis", 1));
        float[] weights = [.. OnnxModel.RandomValues(5, 16).Select(v => MathF.Sign(v) * 0.5f)];
        string first = model.Node("Conv", [joined, model.Floats([2, 8, 1, 1], weights)]), second = model.Node("Conv", [joined, model.Floats([2, 8, 1, 1], [.. weights.Select(w => -w)])]);
        NetworkGraph graph = Keeping(model, model.Node("Concat", [first, second], ("axis", 1))).Graph;
        Assert.Equal((2, 4, 2), (graph.Nodes.Count(n => n.Operator is Sign), graph.Nodes.Count(n => n.Operator is BinaryConv2d), graph.Nodes.Count(n => n.Operator is SelectChannels)));
        int[] order = [2, 0, 1, 3, 0, 1, 2, 3];
        Tensor image = Image(), actual = OnnxModel.Run(graph, image);
        for (int i = 0; i < image.PlaneSize; i++)
            for (int o = 0; o < 2; o++)
            {
                float expected = order.Select((c, k) => MathF.Sign(image.Plane(c)[i]) * weights[(8 * o) + k]).Sum();
                Assert.Equal((expected, -expected), (actual.Plane(o)[i], actual.Plane(o + 2)[i]));
            }
    }

    [Fact]
    public void The_negative_of_an_affine_is_an_affine()
    {
        var model = new OnnxModel();
        string moved = model.Node("Add", [model.Node("Mul", ["input", model.Floats([4, 1, 1], 0.5f, -1, 3, 0.1f)]), model.Floats([4, 1, 1], 1, 0.5f, -1.5f, 0)]);
        string output = model.Node("Conv", [model.Node("Sign", [moved]), model.Floats([1, 4, 1, 1], 1, 1, -1, 1)]);
        NetworkGraph graph = Keeping(model, output).Graph;
        Affine[] affines = [.. graph.Nodes.Where(n => n.Inputs[0] == "input").Select(n => Assert.IsType<Affine>(n.Operator))];
        Assert.Equal(affines[0].Scale!.Values.Select(v => -v), affines[1].Scale!.Values);
        Assert.Equal(affines[0].Bias!.Values.Select(v => -v), affines[1].Bias!.Values);
        Assert.DoesNotContain(graph.Nodes, n => n.Operator is Scale);
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void Signs_that_differ_at_0_are_not_joined()
    {
        var model = new OnnxModel();
        string joined = model.Node("Concat", [Spell(model, "x > 0 ? 1 : -1"), Spell(model, "x >= 0 ? 1 : -1")], ("axis", 1));
        Assert.Contains("make different numbers of 0", model.Refusal(joined), StringComparison.Ordinal);
    }

    private static string Spell(OnnxModel model, string spelling)
    {
        string zero = model.Floats([], 0);
        switch (spelling)
        {
            case "x >= 0 ? 1 : -1": return Where(model, "GreaterOrEqual", "input", 1, -1);
            case "x > 0 ? 1 : -1": return Where(model, "Greater", "input", 1, -1);
            case "x < 0 ? -1 : 1": return Where(model, "Less", "input", -1, 1);
            case "x <= 0 ? -1 : 1": return Where(model, "LessOrEqual", "input", -1, 1);
            case "0 <= x ? 1 : -1": return Choose(model, model.Node("LessOrEqual", [zero, "input"]), 1, -1);
            case "0 < x ? 1 : -1": return Choose(model, model.Node("Less", [zero, "input"]), 1, -1);
            case "not x < 0 ? 1 : -1": return Choose(model, model.Node("Not", [model.Node("Less", ["input", zero])]), 1, -1);
            case "ones like x":
                var one = new TensorProto { DataType = 1, Dims = { 1 }, FloatData = { 1 } };
                string ones = model.Node("ConstantOfShape", [model.Node("Shape", ["input"])], ("value", one));
                return model.Node("Where", [model.Node("GreaterOrEqual", ["input", zero]), ones, model.Node("Neg", [ones])]);
            case "whole numbers":
                return model.Node("Cast", [model.Node("Where", [model.Node("Greater", ["input", zero]), model.Integers(1), model.Integers(-1)])], ("to", 1));
            case "2 * (x >= 0) - 1":
                return model.Node("Sub", [model.Node("Mul", [model.Node("Cast", [model.Node("GreaterOrEqual", ["input", zero])], ("to", 1)), model.Floats([], 2)]), model.Floats([], 1)]);
            default:
                return model.Node("Add", [model.Node("Mul", [model.Floats([], 2), model.Node("Cast", [model.Node("Greater", ["input", zero])], ("to", 1))]), model.Floats([], -1)]);
        }
    }

    private static string Where(OnnxModel model, string comparison, string value, float yes, float no) =>
        Choose(model, model.Node(comparison, [value, model.Floats([], 0)]), yes, no);

    private static string Choose(OnnxModel model, string condition, float yes, float no) =>
        model.Node("Where", [condition, model.Floats([], yes), model.Floats([], no)]);

    private static NetworkGraph Import(OnnxModel model, string output) => model.Import(output).Graph;

    private static OnnxImport Keeping(OnnxModel model, string output) =>
        OnnxImporter.Import(model.Bytes(output), "test.onnx", null, new OnnxImportOptions("test", KeepsZeros: true));

    // A third of the values are 0, some of them -0.
    private static Tensor Image() => new(4, 6, 5, [.. OnnxModel.RandomValues(9, 120).Select((v, i) => i % 3 > 0 ? v : i % 2 == 0 ? 0 : -0f)]);

    // The 3 x 3 convolution, padded by 1, of signs by a function.
    private static float[] Expected(float[] weights, Func<float, float> sign)
    {
        Tensor image = Image(), signs = new(4, 6, 5, [.. image.Values.Select(sign)]);
        var plain = new OnnxModel();
        return OnnxModel.Run(Import(plain, plain.Node("Conv", ["input", plain.Floats(WeightShape, weights)], ("pads", new long[] { 1, 1, 1, 1 }))), signs).Values;
    }
}

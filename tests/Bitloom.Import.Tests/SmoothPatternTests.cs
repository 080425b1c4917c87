using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Tests;

/// <summary>Smooth activations in one node and in several.</summary>
public sealed class SmoothPatternTests
{
    [Theory]
    [InlineData(20, "one")]
    [InlineData(13, "(x * e) * 1/2")]
    [InlineData(13, "(x * 1/2) * e")]
    [InlineData(9, "x * (e * 1/2)")]
    [InlineData(13, "(x * e) / 2, x * sqrt(1/2)")]
    public void A_GELU_is_found_in_every_spelling(int opset, string spelling)
    {
        var model = new OnnxModel(opset);
        string half = model.Floats([], 0.5f), scaled = spelling.Contains("sqrt(1/2)", StringComparison.Ordinal)
            ? model.Node("Mul", ["input", model.Floats([], MathF.Sqrt(0.5f))]) : model.Node("Div", ["input", model.Floats([], MathF.Sqrt(2))]);
        string e = model.Node("Add", [model.Node("Erf", [scaled]), model.Floats([], 1)]);
        string output = spelling switch
        {
            "one" => model.Node("Gelu", ["input"]),
            "(x * e) * 1/2" => model.Node("Mul", [model.Node("Mul", ["input", e]), half]),
            "(x * 1/2) * e" => model.Node("Mul", [model.Node("Mul", ["input", half]), e]),
            "x * (e * 1/2)" => model.Node("Mul", ["input", model.Node("Mul", [half, e])]),
            _ => model.Node("Div", [model.Node("Mul", [e, "input"]), model.Floats([], 2)]),
        };
        Assert.Equal(new Gelu(), Assert.Single(model.Import(output).Graph.Nodes).Operator);
    }

    [Fact]
    public void What_only_looks_like_a_GELU_is_refused()
    {
        var model = new OnnxModel();
        string e = model.Node("Add", [model.Node("Erf", [model.Node("Div", ["input", model.Floats([], 1.5f)])]), model.Floats([], 1)]);
        Assert.Contains("(Erf)", model.Refusal(model.Node("Mul", [model.Node("Mul", ["input", e]), model.Floats([], 0.5f)])), StringComparison.Ordinal);
        model = new OnnxModel(20);
        Assert.Contains("approximates by tanh", model.Refusal(model.Node("Gelu", ["input"], ("approximate", "tanh"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, "one")]
    [InlineData(11, "(x * c) / 6")]
    [InlineData(9, "x * (c / 6)")]
    [InlineData(13, "gate")]
    public void A_hard_swish_is_found_in_every_spelling(int opset, string spelling)
    {
        var model = new OnnxModel(opset);
        string shifted = model.Node("Add", ["input", model.Floats([], 3)]), six = model.Floats([], 6);
        string clipped = opset < 11 ? model.Node("Clip", [shifted], ("min", 0f), ("max", 6f)) : model.Node("Clip", [shifted, model.Floats([], 0), six]);
        string output = spelling switch
        {
            "one" => model.Node("HardSwish", ["input"]),
            "(x * c) / 6" => model.Node("Div", [model.Node("Mul", ["input", clipped]), six]),
            "x * (c / 6)" => model.Node("Mul", ["input", model.Node("Div", [clipped, six])]),
            _ => model.Node("Mul", ["input", model.Node("HardSigmoid", ["input"], ("alpha", 1 / 6f), ("beta", 0.5f))]),
        };
        Assert.Equal(new HardSwish(), Assert.Single(model.Import(output).Graph.Nodes).Operator);
    }

    [Fact]
    public void Sigmoids_and_clips_are_nodes_of_the_network()
    {
        var model = new OnnxModel();
        string clipped = model.Node("Clip", ["input", model.Floats([], 0), model.Floats([], 6)]);
        string hard = model.Node("HardSigmoid", [clipped], ("alpha", 0.25f));
        string output = model.Node("Mul", [hard, model.Node("Sigmoid", [hard])]);
        Assert.Equal([new Clip(0, 6), new HardSigmoid(0.25f, 0.5f), new Sigmoid(), new Multiply()], model.Import(output).Graph.Nodes.Select(n => n.Operator));
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
using Xunit;
using static Bitloom.Compiler.Tests.Descriptors.Samples;

namespace Bitloom.Compiler.Tests.Passes;

/// <summary>A bias behind a residual joins the affine before it.</summary>
public sealed class MergeBiasOverSumPassTests
{
    private static readonly Affine s_before = new(FloatTensor.Vector("scale", 2, 2, 2, 2), FloatTensor.Vector("bias", 1, 2, 3, 4));
    private static readonly Affine s_after = new(null, FloatTensor.Vector("shift", 10, 20, 30, 40));

    [Fact]
    public void TwoBiasesAroundASumAreOne()
    {
        NetworkGraph graph = MergeBiasOverSumPass.Run(Network(Node("before", s_before, "input"), Node("sum", new Add(), "before", "input"), Node("result", s_after, "sum")));
        Assert.Equal(["before", "result"], graph.Nodes.Select(n => n.Name));
        Assert.Equal(new Add(), graph.Nodes[1].Operator);
        Assert.Equal(["before", "input"], graph.Nodes[1].Inputs);
        Assert.Equal([11f, 22f, 33f, 44f], ((Affine)graph.Nodes[0].Operator).Bias!.Values);
    }

    [Fact]
    public void AnAffineWithoutBiasGetsOne()
    {
        NetworkGraph graph = MergeBiasOverSumPass.Run(Network(
            Node("before", s_before with { Bias = null }, "input"), Node("sum", new Add(), "input", "before"), Node("result", s_after, "sum")));
        Assert.Equal(s_after.Bias!.Values, ((Affine)graph.Nodes[0].Operator).Bias!.Values);
    }

    [Fact]
    public void ASumThatIsReadElsewhereStays()
    {
        NetworkGraph graph = Network(
            Node("before", s_before, "input"), Node("sum", new Add(), "before", "input"), Node("after", s_after, "sum"), Node("result", new Add(), "after", "sum"));
        Assert.Same(graph, MergeBiasOverSumPass.Run(graph));
    }

    [Fact]
    public void AnAffineThatIsReadElsewhereStays()
    {
        NetworkGraph graph = Network(
            Node("before", s_before, "input"), Node("sum", new Add(), "before", "input"), Node("after", s_after, "sum"), Node("result", new Add(), "after", "before"));
        Assert.Same(graph, MergeBiasOverSumPass.Run(graph));
    }
}

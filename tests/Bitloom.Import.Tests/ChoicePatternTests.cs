using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Export;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.Import.Tests.Exports;
using Bitloom.ReferenceInterpreter;
using Bitloom.Tests;

namespace Bitloom.Import.Tests;

/// <summary>If with subgraphs, and the gates that are spelled with it.</summary>
public sealed class ChoicePatternTests
{
    private static readonly float[] Probe = OnnxModel.RandomValues(9, 120);

    [Fact]
    public void A_gate_comes_back_from_an_export_with_the_names_of_its_branches()
    {
        NetworkGraph graph = Again(GateCases.Branches(1).Graph);
        Node gate = graph.Nodes.Single(n => n.Operator is Gate);
        Assert.Equal(["small", "middle", "none"], ((Gate)gate.Operator).Branches);
        Assert.Equal(2, graph.Nodes.Count(n => n.Operator is Conv2d));
    }

    [Fact]
    public void The_convolutions_of_a_trained_network_are_still_shared()
    {
        NetworkGraph graph = ReadModel("drnet-s"), again = Again(graph);
        Assert.InRange(ParameterCount.Of(again).All, 0.99 * ParameterCount.Of(graph).All, 1.01 * ParameterCount.Of(graph).All);
        Assert.Equal(((Gate)graph.Nodes.Single(n => n.Operator is Gate).Operator).Branches, ((Gate)again.Nodes.Single(n => n.Operator is Gate).Operator).Branches);
        TensorShape shape = graph.Inputs[0].Shape;
        var image = new Tensor(3, ((ConstantExtent)shape.Height).Value, ((ConstantExtent)shape.Width).Value, [.. Enumerable.Range(0, 3 * 112 * 112).Select(i => (i * 37 % 255) / 255f)]);
        var inputs = new Dictionary<string, Tensor> { ["image"] = image };
        Tensor expected = Interpreter.Run(graph, inputs)["output"], actual = Interpreter.Run(again, inputs)["output"];
        for (int i = 0; i < expected.Values.Length; i++) Assert.InRange(actual.Values[i] - expected.Values[i], -1e-4f, 1e-4f);
    }

    /// <summary>Both branches call what they make the same, hold a weight of the same name, and read what stands around them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Names_that_two_branches_share_are_told_apart(int chosen)
    {
        var model = new OnnxModel();
        string doubled = model.Node("Add", ["input", "input"]);
        string output = Choose(model, Index(model, chosen, 2), 1, Branch("", doubled, 3), Branch("", doubled, 5));
        NetworkGraph graph = model.Import(output).Graph;
        Assert.Equal(["0", "1"], ((Gate)graph.Nodes.Single(n => n.Operator is Gate).Operator).Branches);
        Assert.Equal(Probe.Select(v => 2 * v * (chosen == 0 ? 3 : 5)), OnnxModel.Run(graph, new Tensor(4, 6, 5, Probe)).Values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Choices_inside_either_branch_are_one_gate(int chosen)
    {
        foreach (bool isLeft in new[] { true, false })
        {
            var model = new OnnxModel();
            string index = Index(model, chosen, 3);
            GraphProto pair = isLeft ? Pair(model, index, 1, 1, 2) : Pair(model, index, 2, 2, 3);
            string output = isLeft ? Choose(model, index, 2, pair, Branch("c", "input", 3)) : Choose(model, index, 1, Branch("a", "input", 1), pair);
            NetworkGraph graph = model.Import(output).Graph;
            Gate gate = Assert.Single(graph.Nodes.Select(n => n.Operator).OfType<Gate>());
            Assert.Equal(3, gate.Branches.Count);
            Assert.Equal(Probe.Select(v => v * (chosen + 1)), OnnxModel.Run(graph, new Tensor(4, 6, 5, Probe)).Values);
        }
    }

    [Fact]
    public void An_If_of_two_values_is_two_gates()
    {
        var model = new OnnxModel();
        GraphProto then = Branch("a", "input", 2), otherwise = Branch("b", "input", 3);
        foreach (GraphProto branch in new[] { then, otherwise }) branch.Output.Add(new ValueInfoProto { Name = "input" });
        string output = Choose(model, Index(model, 1, 2), 1, then, otherwise);
        model.Proto.Graph.Node[^1].Output.Add("second");
        model.Output("second");
        NetworkGraph graph = model.Import(output).Graph;
        Assert.Equal(2, graph.Nodes.Count(n => n.Operator is Gate));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1.5f)]
    [InlineData(1000)]
    public void Bounds_that_no_index_has_make_no_gate(float bound)
    {
        var model = new OnnxModel();
        Assert.Contains(" If (", Refusal(model, bound), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_needs_a_score_for_each_branch()
    {
        var model = new OnnxModel();
        Assert.Contains("2 branches need", model.Refusal(Choose(model, Index(model, 0, 3), 1, Branch("a", "input", 1), Branch("b", "input", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_that_return_too_little_are_refused()
    {
        var model = new OnnxModel();
        GraphProto empty = Branch("a", "input", 1);
        empty.Output.Clear();
        Assert.Contains("its branches return 0 and 1", model.Refusal(Choose(model, Index(model, 0, 2), 1, empty, Branch("b", "input", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_nothing_makes_is_named()
    {
        var model = new OnnxModel();
        Assert.Contains("reads 'onlyHere'", model.Refusal(Choose(model, Index(model, 0, 2), 1, Branch("a", "input", 2), Branch("b", "onlyHere", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_see_nothing_of_one_another()
    {
        var model = new OnnxModel();
        GraphProto first = Branch("a", "input", 2), other = Branch("b", "inner", 2);
        first.Node[0].Output[0] = first.Output[0].Name = "inner";
        Assert.Contains("node 'product' (Mul): reads 'inner', which only another branch makes", model.Refusal(Choose(model, Index(model, 0, 2), 1, first, other)), StringComparison.Ordinal);
    }

    private static string Refusal(OnnxModel model, float bound)
    {
        string index = Index(model, 0, 2), condition = model.Node("Less", [index, model.Floats([], bound)]);
        return model.Refusal(If(model, condition, Branch("a", "input", 1), bound == 2 ? Pair(model, index, 2, 1, 2) : Branch("b", "input", 2)));
    }

    // The index of the largest score, always the one wished.
    private static string Index(OnnxModel model, int chosen, int scores)
    {
        string pooled = model.Node("GlobalAveragePool", ["input"]), none = model.Node("Conv", [pooled, model.Floats([scores, 4, 1, 1], new float[4 * scores])]);
        string biased = model.Node("Add", [none, model.Floats([1, scores, 1, 1], [.. Enumerable.Range(0, scores).Select(i => i == chosen ? 1f : 0)])]);
        return model.Node("ArgMax", [biased], ("axis", 1), ("keepdims", 0));
    }

    private static string Choose(OnnxModel model, string index, long bound, GraphProto then, GraphProto otherwise) =>
        If(model, model.Node("Less", [index, model.Integers(bound)]), then, otherwise);

    private static string If(OnnxModel model, string condition, GraphProto then, GraphProto otherwise)
    {
        string output = model.Node("If", [condition]);
        model.Proto.Graph.Node[^1].Attribute.AddRange([new AttributeProto { Name = "then_branch", G = then }, new AttributeProto { Name = "else_branch", G = otherwise }]);
        return output;
    }

    // A branch that multiplies, by a weight of its own.
    private static GraphProto Branch(string name, string read, float factor)
    {
        var graph = new GraphProto { Name = name };
        graph.Initializer.Add(new TensorProto { Name = "factor", DataType = 1, FloatData = { factor } });
        graph.Node.Add(new NodeProto { OpType = "Mul", Name = "product", Input = { read, "factor" }, Output = { "result" } });
        graph.Output.Add(new ValueInfoProto { Name = "result" });
        return graph;
    }

    // A branch that chooses between two.
    private static GraphProto Pair(OnnxModel model, string index, long bound, float first, float second)
    {
        var graph = new GraphProto { Name = "pair" };
        graph.Node.Add(new NodeProto { OpType = "Less", Name = "less", Input = { index, model.Integers(bound) }, Output = { "condition" } });
        graph.Node.Add(new NodeProto
        {
            OpType = "If",
            Name = "inner",
            Input = { "condition" },
            Output = { "result" },
            Attribute = { new AttributeProto { Name = "then_branch", G = Branch("first", "input", first) }, new AttributeProto { Name = "else_branch", G = Branch("second", "input", second) } },
        });
        graph.Output.Add(new ValueInfoProto { Name = "result" });
        return graph;
    }

    private static NetworkGraph Again(NetworkGraph graph) =>
        OnnxImporter.Import(OnnxExporter.Export(graph).Bytes.ToArray(), "again.onnx", null, new OnnxImportOptions("again")).Graph;

    private static NetworkGraph ReadModel(string name) => DescriptorReader.Read(File.ReadAllText(Path.Combine(ModelsFolder.FullName, name, name + ".bloom"))).Value!;
}

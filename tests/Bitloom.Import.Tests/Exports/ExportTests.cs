using System.Text;
using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Export;
using Bitloom.Import.Onnx.Export.Operators;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.ReferenceInterpreter;
using Bitloom.Tests;

namespace Bitloom.Import.Tests.Exports;

/// <summary>What an export holds, and that the importer makes the same network of it.</summary>
public sealed class ExportTests
{
    public static TheoryData<string> Importable => [.. ExportCases.All.Where(c => c.Imports).Select(c => c.Name)];

    public static TheoryData<string> Names => [.. ExportCases.All.Select(c => c.Name)];

    [Fact]
    public void Every_operator_of_descriptors_is_written_and_tested()
    {
        string[] known = [.. DescriptorOperators.All.Select(o => o.Kind).Order(StringComparer.Ordinal)];
        Assert.Equal(known, WriterTable.Supported.Select(o => o.Name).Order(StringComparer.Ordinal));
        Assert.Equal(known, ExportCases.All.SelectMany(c => c.Graph.Nodes).Select(n => n.Operator.Kind).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Images_hold_zeros_and_pixels_whose_channels_are_equal()
    {
        Tensor image = ExportCases.All.Single(c => c.Name == "argmax of equals").Image;
        Assert.Contains(0f, image.Values);
        Assert.Contains(Enumerable.Range(0, image.PlaneSize), pixel =>
        {
            float[] values = [.. Enumerable.Range(0, image.Channels).Select(c => image.Plane(c)[pixel])];
            return values.Count(v => v == values.Max()) > 1;
        });
    }

    [Theory]
    [MemberData(nameof(Importable))]
    public void An_import_of_the_export_computes_the_same(string name)
    {
        ExportCase @case = ExportCases.All.Single(c => c.Name == name);
        NetworkGraph imported = OnnxImporter.Import(OnnxExporter.Export(@case.Graph).Bytes.ToArray(), name, null, new OnnxImportOptions("again")).Graph;
        Assert.Equal(@case.Graph.Inputs[0].Shape, imported.Inputs[0].Shape);
        foreach ((string output, Tensor expected) in @case.Expected())
        {
            Tensor actual = Interpreter.Run(imported, @case.Inputs)[output];
            Assert.Equal(expected.ToString(), actual.ToString());
            Assert.InRange(expected.Values.Zip(actual.Values).Max(p => Math.Abs((double)p.First - p.Second)), 0, @case.Tolerance);
        }
    }

    [Fact]
    public void Every_other_export_is_refused()
    {
        foreach (ExportCase @case in ExportCases.All.Where(c => !c.Imports))
            Assert.Throws<ImportException>(() => OnnxImporter.Import(OnnxExporter.Export(@case.Graph).Bytes.ToArray(), @case.Name, null, new OnnxImportOptions("again")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_made_once_and_before_they_are_read(string name)
    {
        GraphProto graph = Parse(ExportCases.All.Single(c => c.Name == name).Graph).Graph;
        var made = new HashSet<string>(graph.Initializer.Select(i => i.Name).Concat(graph.Input.Select(i => i.Name)), StringComparer.Ordinal);
        Assert.Equal(graph.Initializer.Count + graph.Input.Count, made.Count);
        Check(graph, made, new HashSet<string>(made, StringComparer.Ordinal));
    }

    [Fact]
    public void A_gate_holds_what_only_its_branches_need() => Snapshot.Match(Describe(Parse(GateCases.Branches(0).Graph)));

    [Fact]
    public void Names_that_collide_in_ONNX_are_told_apart_and_the_caller_s_stay()
    {
        var graph = new NetworkGraph(
            "net", "", [new GraphInput("input", new TensorShape(1, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
            [
                new Node("b", new Affine(FloatTensor.Vector("b", 2), null), ["input"], SourceLocation.None),
                new Node("a\u0001", new Affine(FloatTensor.Vector("a_", 3), null), ["b"], SourceLocation.None),
                new Node("unread", new Relu(), ["b"], SourceLocation.None),
            ],
            [new GraphOutput("b", "a\u0001", SourceLocation.None), new GraphOutput("copy", "input", SourceLocation.None), new GraphOutput("again", "a\u0001", SourceLocation.None)]);
        OnnxExport export = OnnxExporter.Export(graph);
        Assert.Equal(["b", "copy", "again"], export.Outputs);
        Assert.Equal(["input"], export.Inputs);
        GraphProto written = ModelProto.Parser.ParseFrom(export.Bytes.Span).Graph;
        Assert.Equal(["Mul", "Mul", "Identity", "Identity"], written.Node.Select(n => n.OpType));
        Assert.Equal(["b", "a_"], written.Node.Take(2).Select(n => n.Name));
        Assert.Equal("b", written.Node[1].Output[0]);
        Assert.Equal(written.Node[0].Output[0], written.Node[1].Input[0]);
        var made = new HashSet<string>(["input", .. written.Initializer.Select(i => i.Name)], StringComparer.Ordinal);
        Check(written, made, new HashSet<string>(made, StringComparer.Ordinal));
    }

    [Fact]
    public void A_fixed_size_stays_fixed()
    {
        var graph = new NetworkGraph(
            "net", "", [new GraphInput("input", new TensorShape(2, Extent.Constant(3), Extent.Constant(4)), SourceLocation.None)],
            [new Node("up", new ResizeNearest(2), ["input"], SourceLocation.None)], [new GraphOutput("output", "up", SourceLocation.None)]);
        GraphProto written = Parse(graph).Graph;
        Assert.Equal([1, 2, 3, 4], written.Input[0].Type.TensorType.Shape.Dim.Select(d => d.DimValue));
        Assert.Equal([1, 2, 6, 8], written.Output[0].Type.TensorType.Shape.Dim.Select(d => d.DimValue));
    }

    [Fact]
    public void More_than_2_GB_are_refused_before_memory_is_taken()
    {
        var bits = new BitTensor("bits", [8192, 8192, 3, 3], EquatableArray.Adopt(new ulong[8192 * 8192 * 9 / 64]));
        var graph = new NetworkGraph(
            "net", "", [new GraphInput("input", new TensorShape(8192, Extent.Constant(4), Extent.Constant(4)), SourceLocation.None)],
            [new Node("sign", new Sign(), ["input"], SourceLocation.None), new Node("conv", new BinaryConv2d(bits, Window.Padded(1)), ["sign"], SourceLocation.None)],
            [new GraphOutput("output", "conv", SourceLocation.None)]);
        Assert.Contains("2 GB", Assert.Throws<ExportException>(() => OnnxExporter.Export(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_of_later_stages_are_refused_by_name()
    {
        var draft = new ExportDraft(2, 4, 4);
        draft.Add("fast", new WinogradConv2d(draft.Weight(2, 2, 3, 3)), "input");
        Assert.Contains("'fast' (WinogradConv2d)", Assert.Throws<ExportException>(() => OnnxExporter.Export(draft.Finish("later").Graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_are_the_same_every_time() =>
        Assert.True(OnnxExporter.Export(GateCases.Branches(1).Graph).Bytes.Span.SequenceEqual(OnnxExporter.Export(GateCases.Branches(1).Graph).Bytes.Span));

    private static ModelProto Parse(NetworkGraph graph) => ModelProto.Parser.ParseFrom(OnnxExporter.Export(graph).Bytes.Span);

    // Subgraphs see what stands before them around them; names are made once in all graphs together.
    private static void Check(GraphProto graph, HashSet<string> visible, HashSet<string> everywhere)
    {
        var inner = new HashSet<string>(visible, StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
        {
            Assert.All(node.Input.Where(i => i.Length > 0), i => Assert.Contains(i, inner));
            foreach (AttributeProto attribute in node.Attribute.Where(a => a.G is not null)) Check(attribute.G, inner, everywhere);
            Assert.True(everywhere.Add(node.Output[0]), $"'{node.Output[0]}' is made twice");
            inner.Add(node.Output[0]);
        }

        Assert.All(graph.Output, o => Assert.Contains(o.Name, graph.Node.Select(n => n.Output[0])));
        Assert.NotEmpty(graph.Output);
    }

    private static string Describe(ModelProto model)
    {
        var text = new StringBuilder(FormattableString.Invariant($"{model.ProducerName}, operator set {model.OpsetImport[0].Version}\n"));
        foreach (TensorProto tensor in model.Graph.Initializer) text.Append(FormattableString.Invariant($"constant {tensor.Name} [{string.Join(", ", tensor.Dims)}] of type {tensor.DataType}, {tensor.RawData.Length} bytes\n"));
        Describe(model.Graph, text, "");
        return text.ToString();
    }

    private static void Describe(GraphProto graph, StringBuilder text, string indent)
    {
        text.Append($"{indent}graph {graph.Name}({string.Join(", ", graph.Input.Select(Value))}) -> {string.Join(", ", graph.Output.Select(Value))}\n");
        foreach (NodeProto node in graph.Node)
        {
            string attributes = string.Concat(node.Attribute.Where(a => a.G is null).Select(a => $" {a.Name}={(a.HasI ? a.I.ToString(System.Globalization.CultureInfo.InvariantCulture) : a.HasS ? a.S.ToStringUtf8() : string.Join(',', a.Ints))}"));
            text.Append($"{indent}  {node.Name}: {node.Output[0]} = {node.OpType}({string.Join(", ", node.Input)}){attributes}\n");
            foreach (AttributeProto attribute in node.Attribute.Where(a => a.G is not null))
            {
                text.Append($"{indent}  {attribute.Name}\n");
                Describe(attribute.G, text, indent + "    ");
            }
        }
    }

    private static string Value(ValueInfoProto value) =>
        $"{value.Name} {string.Join(" x ", value.Type.TensorType.Shape.Dim.Select(d => d.HasDimParam ? d.DimParam : d.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture)))}";
}

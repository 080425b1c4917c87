using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Tool.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_becomes_a_descriptor_with_a_report()
    {
        StoreModel("net.onnx", "Sign");
        ToolRun run = ToolRun.Of("import", _folder.At("net.onnx"), "-o", _folder.At("net.bloom"), "--description", "A test.");
        run.AssertSucceeded();
        Assert.Equal("imported 2 of 2 nodes: 1 binary convolutions, 0 full-precision, 0 shifts, 0 gates", run.LastLine);
        Assert.Contains("convolution: binary, weights within 0.0e+0 of +-scale", run.Lines);
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(_folder.At("net.bloom"))).Value!;
        Assert.Equal(("net", "A test."), (graph.Name, graph.Description));
        Assert.Equal(["Sign", "BinaryConv2d", "Affine"], graph.Nodes.Select(n => n.Operator.Kind));
        Assert.Equal(Extent.Symbol("width"), graph.Inputs[0].Shape.Width);
    }

    [Fact]
    public void Exact_zeros_are_kept_on_demand()
    {
        StoreModel("net.onnx", "Sign");
        ToolRun run = ToolRun.Of("import", _folder.At("net.onnx"), "-o", _folder.At("net.bloom"), "--exact-zeros");
        run.AssertSucceeded();
        Assert.Equal("imported 2 of 2 nodes: 1 binary convolutions, 0 full-precision, 0 shifts, 0 gates", run.LastLine);
        Assert.Contains("sign(0) = 0 is kept: 1 binary convolutions are computed over Sign(x) and Sign(-x), twice the binary work", run.Lines);
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(_folder.At("net.bloom"))).Value!;
        Assert.Equal(["Sign", "BinaryConv2d", "Scale", "Sign", "BinaryConv2d", "Subtract", "Affine"], graph.Nodes.Select(n => n.Operator.Kind));
    }

    [Fact]
    public void The_size_stays_with_fixed_and_the_name_is_as_given()
    {
        StoreModel("net.onnx", "Relu");
        ToolRun.Of("import", _folder.At("net.onnx"), "-o", _folder.At("net.bloom"), "--fixed", "--name", "other").AssertSucceeded();
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(_folder.At("net.bloom"))).Value!;
        Assert.Equal(("other", Extent.Constant(5)), (graph.Name, graph.Inputs[0].Shape.Width));
        Assert.IsType<Relu>(graph.Nodes[0].Operator);
    }

    [Fact]
    public void What_cannot_be_imported_is_refused_and_writes_nothing()
    {
        StoreModel("pool.onnx", "LpPool");
        _folder.Write("text.onnx", "not a network");
        string output = _folder.At("x.bloom");
        ToolRun.Of("import", _folder.At("pool.onnx"), "-o", output).AssertRefused("pool.onnx: node 'activation' (LpPool)", "the nearest that is");
        ToolRun.Of("import", _folder.At("text.onnx"), "-o", output).AssertRefused("text.onnx: is not a complete ONNX file");
        ToolRun.Of("import", _folder.At("none.onnx"), "-o", output).AssertRefused("none.onnx: no such file");
        ToolRun.Of("import", _folder.Path, "-o", output).AssertRefused("is a folder");
        ToolRun.Of("import", _folder.At("pool.onnx")).AssertRefused("give an output with -o");
        ToolRun.Of("import", _folder.At("pool.onnx"), "-o", _folder.At("no/x.bloom")).AssertRefused("does not exist");
        ToolRun.Of("import").AssertRefused("see bitloom import --help");
        ToolRun.Of("import", "a.onnx", "--gate", "b.onnx", "-o", output).AssertRefused("give either a MODEL.onnx or --gate");
        ToolRun.Of("import", "--gate", _folder.At("pool.onnx"), "--branch", "224", "-o", output).AssertRefused("write --branch NAME=FILE.onnx");
        ToolRun.Of("import", _folder.At("pool.onnx"), "--branch", "224=a.onnx", "-o", output).AssertRefused("belong to --gate");
        ToolRun.Of("import", "--gate", _folder.At("pool.onnx"), "--branch", $"1={_folder.At("none.onnx")}", "-o", output).AssertRefused("none.onnx: no such file");
        Assert.Equal(["pool.onnx", "text.onnx"], _folder.Files);
    }

    [Fact]
    public void A_failed_import_leaves_an_older_descriptor_alone()
    {
        StoreModel("pool.onnx", "LpPool");
        _folder.Write("x.bloom", "older");
        ToolRun.Of("import", _folder.At("pool.onnx"), "-o", _folder.At("x.bloom")).AssertRefused("LpPool");
        Assert.Equal("older", File.ReadAllText(_folder.At("x.bloom")));
    }

    [Fact]
    public void Help_shows_the_options_and_the_last_line()
    {
        ToolRun run = ToolRun.Of("import", "--help");
        run.AssertSucceeded();
        foreach (string text in new[] { "--output", "--fixed", "--exact-zeros", "--name", "--gate", "--branch", "--image", "bitloom import model.onnx -o model.bloom", "imported N of N nodes" })
            Assert.Contains(text, run.Output, StringComparison.Ordinal);
    }

    // input of 1 x 2 x 6 x 5 -> activation -> 1 x 1 convolution with weights +-0.5.
    private void StoreModel(string name, string activation)
    {
        var graph = new GraphProto();
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(new long[] { 1, 2, 6, 5 }.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        graph.Input.Add(new ValueInfoProto { Name = "input", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } });
        graph.Initializer.Add(new TensorProto { Name = "weight", DataType = 1, Dims = { 2, 2, 1, 1 }, FloatData = { 0.5f, -0.5f, -0.5f, -0.5f } });
        graph.Node.Add(new NodeProto { Name = "activation", OpType = activation, Input = { "input" }, Output = { "activated" } });
        graph.Node.Add(new NodeProto { Name = "convolution", OpType = "Conv", Input = { "activated", "weight" }, Output = { "output" } });
        graph.Output.Add(new ValueInfoProto { Name = "output" });
        var model = new ModelProto { Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };
        _folder.Write(name, model.ToByteArray());
    }
}

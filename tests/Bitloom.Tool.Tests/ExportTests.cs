using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Protobuf;
using Bitloom.ReferenceInterpreter;
using Bitloom.Tool.Peers;

namespace Bitloom.Tool.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ExportTests() => _model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_descriptor_becomes_a_file_and_the_last_line_says_where()
    {
        ToolRun run = ToolRun.Of("export", _model, "-o", _folder.At("tiny.onnx"));
        run.AssertSucceeded();
        byte[] bytes = File.ReadAllBytes(_folder.At("tiny.onnx"));
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        Assert.Equal(FormattableString.Invariant($"wrote {_folder.At("tiny.onnx")}: {model.Graph.Node.Count} nodes, {bytes.Length:N0} bytes"), run.LastLine);
        Assert.Equal(("bitloom", "tiny-x2", 13L), (model.ProducerName, model.Graph.Name, model.OpsetImport[0].Version));
        Assert.DoesNotContain(_folder.Path, System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(["tiny.bloom", "tiny.onnx"], _folder.Files);
    }

    [Fact]
    public void Without_an_output_it_is_refused() => ToolRun.Of("export", _model).AssertRefused("export: give an output with -o");

    [Fact]
    public void A_damaged_descriptor_leaves_an_existing_file_alone()
    {
        _folder.Write("kept.onnx", "kept");
        ToolRun.Of("export", _folder.Write("bad.bloom", "{"), "-o", _folder.At("kept.onnx")).AssertRefused("bad.bloom");
        Assert.Equal("kept", File.ReadAllText(_folder.At("kept.onnx")));
    }

    [Fact]
    public void A_missing_package_is_told_with_what_to_install() =>
        ToolRun.Of("verify", _model, "--against-onnxruntime", "--onnxruntime", _folder.At("nowhere")).AssertRefused("--onnxruntime: there is no folder", "npm install", OnnxRuntimePeer.Variable);

    [PeerFact]
    public void A_folder_without_the_package_is_told_with_what_to_install() =>
        ToolRun.Of("verify", _model, "--against-onnxruntime", "--onnxruntime", _folder.Path).AssertRefused("--onnxruntime: ONNX Runtime is not found from", "npm install", OnnxRuntimePeer.Variable);

    [PeerFact]
    public void The_network_agrees_with_ONNX_Runtime_and_inner_tensors_can_be_named()
    {
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(_model)).Value!;
        Dictionary<string, Tensor> tensors = NetworkInputs.Random(graph, new ImageSize(6, 8), seed: 3);
        tensors.Add("scaled", Tensor.Zeros(4, 6, 8));
        TensorFile.Write(_folder.At("io.safetensors"), tensors);
        ToolRun run = ToolRun.Of("verify", _model, "--against-onnxruntime", "--onnxruntime", PeerTheoryAttribute.Folder!, "--tensors", _folder.At("io.safetensors"), "--tolerance", "1e-6");
        run.AssertSucceeded();
        Assert.Matches(@"^output: max \d\.\d{3}e-?\d\d mean .* over 576 values$", run.Lines[0]);
        Assert.StartsWith("scaled: max ", run.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, run.Lines.Length);
    }

    [PeerFact]
    public void A_wrong_kernel_fails_with_1()
    {
        ToolRun run = ToolRun.With(InterpretedHost.WithErrorIn("output"), default, "verify", _model, "--against-onnxruntime", "--onnxruntime", PeerTheoryAttribute.Folder!, "--tolerance", "1e-6");
        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Matches("^output: max 2\\.000e00", run.LastLine);
    }

    [PeerFact]
    public void The_interpreter_can_take_the_place_of_compiled_code() => ToolRun.With(
        (_, _, _, _) => throw new InvalidOperationException("nothing is compiled"), default,
        "verify", _model, "--against-onnxruntime", "--onnxruntime", PeerTheoryAttribute.Folder!, "--interpret").AssertSucceeded();

    [Fact]
    public void The_interpreter_is_not_compared_with_itself() => ToolRun.Of("verify", _model, "--interpret").AssertRefused("--interpret: there is nothing to compare");

    [Theory]
    [InlineData("--interpret")]
    [InlineData("--against-onnxruntime")]
    public void Layers_are_checked_in_compiled_code_alone(string option) => ToolRun.Of("verify", _model, "--layers", option).AssertRefused("--layers: ", option);
}

using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool.Tests;

public sealed class VerifyTests : IDisposable
{
    private const string Comparison = @"max (\d\.\d{3}e-?\d\d|nan|inf) mean (\d\.\d{3}e-?\d\d|nan|inf) psnr (-?\d+\.\d\d|inf|nan) over \d+ values$";

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly NetworkGraph _graph;
    private readonly Dictionary<string, Tensor> _tensors;

    public VerifyTests()
    {
        string descriptor = TestNetworks.Upscaler();
        _model = _folder.Write("tiny.bloom", descriptor);
        _graph = DescriptorReader.Read(descriptor).Value!;
        _tensors = NetworkInputs.Random(_graph, new ImageSize(6, 8), seed: 3);
        _tensors.Add("output", Interpreter.Run(_graph, _tensors)["output"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Equal_tensors_pass()
    {
        ToolRun run = ToolRun.Of("verify", _model, "--tensors", Store());
        run.AssertSucceeded();
        Assert.Equal("output: max 0.000e00 mean 0.000e00 psnr inf over 576 values", run.LastLine);
    }

    [Fact]
    public void A_mean_past_the_tolerance_fails_with_1()
    {
        foreach (ref float value in _tensors["output"].Values.AsSpan()) value += 0.01f;
        ToolRun run = ToolRun.Of("verify", _model, "--tensors", Store(), "--tolerance", "1e-3");
        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.Matches("^output: " + Comparison, run.LastLine);
        ToolRun.Of("verify", _model, "--tensors", Store(), "--tolerance", "0.02").AssertSucceeded();
    }

    [Fact]
    public void Inner_tensors_can_be_wanted_by_name()
    {
        _tensors.Add("binary", Interpreter.RunAll(_graph, new Dictionary<string, Tensor> { ["input"] = _tensors["input"] })["binary"]);
        ToolRun run = ToolRun.Of("verify", _model, "--tensors", Store());
        run.AssertSucceeded();
        Assert.Contains(run.Lines, l => l.StartsWith("binary: max 0.000e00", StringComparison.Ordinal));
        Assert.Equal(2, run.Lines.Length);
    }

    [Fact]
    public void Inputs_alone_are_checked_against_the_interpreter()
    {
        _tensors.Remove("output");
        ToolRun run = ToolRun.With(InterpretedHost.WithErrorIn("output"), default, "verify", _model, "--tensors", Store(), "--tolerance", "0");
        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.StartsWith("output: max 2.000e00", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_tensors_random_inputs_of_a_seed_are_used()
    {
        ToolRun run = ToolRun.Of("verify", _model, "--size", "5x7", "--seed", "9");
        run.AssertSucceeded();
        Assert.Matches("^output: " + Comparison, run.LastLine);
        Assert.EndsWith("over 420 values", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_exact()
    {
        ToolRun run = ToolRun.Of("verify", _model, "--layers", "--tensors", Store());
        run.AssertSucceeded();
        Assert.Equal("binary: exact over 192 sums", run.Lines[0]);
        Assert.Equal("1 layers exact over 192 sums", run.LastLine);
        Assert.Equal(["Add", "Affine", "Conv2d", "PixelShuffle", "ResizeNearest"], run.Lines[1..^1].Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)]));
        Assert.Contains("Add: max 0.000e00 mean 0.000e00 relative over 768 values of 2 nodes, worst sum", run.Lines);
    }

    [Fact]
    public void A_node_past_the_relative_tolerance_is_named_and_fails_with_1()
    {
        string[] arguments = ["verify", _model, "--layers", "--tensors", Store()];
        ToolRun run = ToolRun.With(InterpretedHost.WithErrorIn("sum"), default, arguments);
        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Matches(@"^sum: mean relative difference is \d\.\d{3}e-?\d\d, must be at most 1E-05$", run.LastLine);
        ToolRun.With(InterpretedHost.WithErrorIn("sum"), default, [.. arguments, "--tolerance", "1e6"]).AssertSucceeded();
    }

    [Fact]
    public void Layers_of_a_network_without_binary_convolutions_are_checked_too()
    {
        string model = _folder.Write("plain.bloom", TestNetworks.Signs(TestNetworks.SignVariant.None));
        ToolRun run = ToolRun.Of("verify", model, "--layers");
        run.AssertSucceeded();
        Assert.Equal("0 layers exact over 0 sums", run.LastLine);
    }

    [Theory]
    [InlineData(nameof(TestNetworks.SignVariant.Plain), 3)]
    [InlineData(nameof(TestNetworks.SignVariant.WithOpposite), 0)]
    [InlineData(nameof(TestNetworks.SignVariant.WithOppositeAffine), 0)]
    [InlineData(nameof(TestNetworks.SignVariant.WithOtherAffine), 3)]
    [InlineData(nameof(TestNetworks.SignVariant.None), 0)]
    public void Signs_of_exact_zeros_are_counted_unless_they_are_kept(string beside, int zeros)
    {
        TestNetworks.SignVariant variant = Enum.Parse<TestNetworks.SignVariant>(beside);
        string descriptor = TestNetworks.Signs(variant), model = _folder.Write("signs.bloom", descriptor), tensors = _folder.At("zeros.safetensors");
        NetworkGraph graph = DescriptorReader.Read(descriptor).Value!;
        var values = new Dictionary<string, Tensor> { ["input"] = new(2, 2, 2, [1, 0, -0f, 2, -3, 0, 1e-30f, 5]) };
        TensorFile.Write(tensors, new Dictionary<string, Tensor>(values) { ["output"] = Interpreter.Run(graph, values)["output"] });
        string note = FormattableString.Invariant($"note: {zeros} signs are of exact zeros, which PyTorch takes as 0 and Bitloom as +1; import with --exact-zeros to keep them");
        foreach (string[] option in new string[][] { [], ["--interpret"] })
        {
            ToolRun run = ToolRun.Of(["verify", model, "--tensors", tensors, .. option]);
            run.AssertSucceeded();
            Assert.Equal(zeros > 0 ? 2 : 1, run.Lines.Length);
            Assert.StartsWith("output: max 0.000e00", run.Lines[0], StringComparison.Ordinal);
            if (zeros > 0) Assert.Equal(note, run.LastLine);
        }

        ToolRun layers = ToolRun.Of("verify", model, "--tensors", tensors, "--layers");
        layers.AssertSucceeded();
        Assert.Equal(zeros > 0, layers.Lines.Contains(note));
        Assert.Matches(@"^\d layers exact over \d+ sums$", layers.LastLine);
        Assert.DoesNotContain("note:", ToolRun.Of("verify", model).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_sum_is_named_and_fails_with_1()
    {
        ToolRun run = ToolRun.With(InterpretedHost.WithErrorIn("binary"), default, "verify", _model, "--layers", "--tensors", Store());
        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Matches(@"^binary: channel 3 row 5 column 7 is -?\d+, must be -?\d+$", run.LastLine);
    }

    [Fact]
    public void A_missing_input_is_refused()
    {
        _tensors.Remove("input");
        ToolRun.Of("verify", _model, "--tensors", Store()).AssertRefused("io.safetensors: no tensor 'input'");
    }

    [Fact]
    public void An_unknown_tensor_is_refused()
    {
        _tensors.Add("outptu", _tensors["output"]);
        ToolRun.Of("verify", _model, "--tensors", Store()).AssertRefused("'outptu'", "its outputs are output");
    }

    [Fact]
    public void An_input_of_other_channels_is_refused()
    {
        _tensors["input"] = Tensor.Zeros(1, 6, 8);
        ToolRun.Of("verify", _model, "--tensors", Store()).AssertRefused("'input' is 1 x 6 x 8, but the network takes 3 x height x width");
    }

    [Fact]
    public void An_output_of_another_size_is_refused()
    {
        _tensors["output"] = Tensor.Zeros(3, 12, 17);
        ToolRun.Of("verify", _model, "--tensors", Store()).AssertRefused("'output' is 3 x 12 x 17, but the network makes 3 x 12 x 16");
    }

    [Theory]
    [InlineData("input")]
    [InlineData("output")]
    public void NaN_is_refused(string tensor)
    {
        _tensors[tensor].Values[7] = float.NaN;
        ToolRun.Of("verify", _model, "--tensors", Store()).AssertRefused($"'{tensor}'", "NaN");
    }

    [Theory]
    [InlineData("--tolerance", "-1")]
    [InlineData("--tolerance", "small")]
    [InlineData("--tolerance", "nan")]
    [InlineData("--seed", "-1")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "257")]
    [InlineData("--threads", "many")]
    [InlineData("--width", "64")]
    public void Numbers_out_of_range_are_refused(string option, string value) =>
        ToolRun.Of("verify", _model, option, value).AssertRefused($"{option}: ", value);

    private string Store()
    {
        TensorFile.Write(_folder.At("io.safetensors"), _tensors);
        return _folder.At("io.safetensors");
    }
}

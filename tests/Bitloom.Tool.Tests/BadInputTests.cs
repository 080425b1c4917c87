namespace Bitloom.Tool.Tests;

/// <summary>Inputs that every verb meets: each is refused with one line and exit code 2, and leaves no file behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> VerbsOnModels => ["compile", "explain", "verify", "run", "bench", "evaluate"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_missing_descriptor(string verb) => Refused(verb, _folder.At("none.bloom"), "none.bloom: no such file");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_folder_for_a_descriptor(string verb) => Refused(verb, _folder.Path, "is a folder");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_descriptor_that_is_no_JSON(string verb) => Refused(verb, _folder.Write("m.bloom", "{ \"bloom\": 1,"), "m.bloom(", "BLOOM001");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_binary_file_for_a_descriptor(string verb) => Refused(verb, _folder.Write("m.bloom", [0x89, 0x50, 0, 255, 254]), "m.bloom(1,", "BLOOM001");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void An_empty_descriptor(string verb) => Refused(verb, _folder.Write("m.bloom", ""), "m.bloom", "BLOOM001");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_hash_that_does_not_match(string verb) =>
        Refused(verb, _folder.Write("m.bloom", TestNetworks.Upscaler().Replace("\"tiny-x2\"", "\"tiny-x3\"", StringComparison.Ordinal)), "m.bloom(", "BLOOM004");

    [Theory]
    [MemberData(nameof(VerbsOnModels))]
    public void A_reference_to_nothing(string verb) =>
        Refused(verb, _folder.Write("m.bloom", TestNetworks.Upscaler().Replace("[\"signs\"]", "[\"sings\"]", StringComparison.Ordinal)), "m.bloom(", "'binary'", "BLOOM006");

    [Theory]
    [InlineData("0x8")]
    [InlineData("8x0")]
    [InlineData("-4x8")]
    [InlineData("65536x8")]
    [InlineData("99999999999999999999x8")]
    [InlineData("8")]
    [InlineData("8x8x8")]
    [InlineData("axb")]
    [InlineData("8.5x8")]
    [InlineData("")]
    public void An_absurd_size(string size)
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        foreach (string verb in new[] { "bench", "verify", "explain" }) ToolRun.Of(verb, model, "--size", size).AssertRefused("--size: ", size);
    }

    [Fact]
    public void A_size_beyond_the_memory()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        foreach (string verb in new[] { "bench", "verify", "explain" }) ToolRun.Of(verb, model, "--size", "65535x65535").AssertRefused("--size: 65535x65535 is too large", "MiB");
    }

    [Fact]
    public void A_size_other_than_the_network_fixes()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler(fixedSize: true));
        foreach (string verb in new[] { "bench", "verify", "explain" }) ToolRun.Of(verb, model, "--size", "8x8").AssertRefused("--size: ", "give 6x8");
        ToolRun.Of("bench", model, "--runs", "1").AssertSucceeded();
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("\u0010\0\0\0\0\0\0\0not json at all!")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f{}")]
    public void A_corrupt_tensor_file(string content)
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        string tensors = _folder.Write("io.safetensors", System.Text.Encoding.Latin1.GetBytes(content));
        ToolRun.Of("verify", model, "--tensors", tensors).AssertRefused("io.safetensors");
        ToolRun.Of("run", model, "--tensors", tensors, "-o", _folder.At("out.safetensors")).AssertRefused("io.safetensors");
        Assert.Equal(["io.safetensors", "tiny.bloom"], _folder.Files);
    }

    private void Refused(string verb, string model, params string[] fragments)
    {
        string[] before = _folder.Files;
        string[] more = verb switch
        {
            "run" => ["--input", "a.png", "-o", _folder.At("b.png")],
            "evaluate" => ["--data", _folder.Path, "--task", "x2"],
            "compile" => ["-o", _folder.At("emitted")],
            _ => [],
        };
        ToolRun.Of([verb, model, .. more]).AssertRefused(fragments);
        Assert.Equal(before, _folder.Files);
    }
}

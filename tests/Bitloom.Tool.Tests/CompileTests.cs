namespace Bitloom.Tool.Tests;

public sealed class CompileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public CompileTests() => _model = _folder.Write("tiny-x2.bloom", TestNetworks.Upscaler());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_written_where_asked_under_the_names_asked()
    {
        ToolRun run = ToolRun.Of("compile", _model, "-o", _folder.At("emitted"), "--namespace", "My.App", "--class", "Upscaler", "--widths", "128,256");
        run.AssertSucceeded();
        string[] files = Directory.GetFiles(_folder.At("emitted"));
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.StartsWith("My.App.Upscaler.", Path.GetFileName(f), StringComparison.Ordinal));
        Assert.Equal($"wrote {files.Length} {(files.Length == 1 ? "file" : "files")} to {_folder.At("emitted")}", run.LastLine);
        Assert.Equal(files.Length + 1, run.Lines.Length);
        string text = string.Concat(files.Select(File.ReadAllText));
        Assert.Contains("namespace My.App", text, StringComparison.Ordinal);
        Assert.Contains("partial class Upscaler", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_class_is_named_after_the_file_and_a_second_run_replaces_equal_files()
    {
        ToolRun.Of("compile", _model, "-o", _folder.Path).AssertSucceeded();
        string[] files = _folder.Files;
        Assert.Contains(files, f => f.StartsWith("Bitloom.Networks.TinyX2.", StringComparison.Ordinal));
        var before = files.ToDictionary(f => f, f => File.ReadAllBytes(_folder.At(f)));
        ToolRun.Of("compile", _model, "-o", _folder.Path).AssertSucceeded();
        Assert.Equal(files, _folder.Files);
        foreach (string file in files) Assert.Equal(before[file], File.ReadAllBytes(_folder.At(file)));
    }

    [Theory]
    [InlineData("--class", "1st")]
    [InlineData("--class", "a-b")]
    [InlineData("--class", "class")]
    [InlineData("--class", "")]
    [InlineData("--namespace", "My..App")]
    [InlineData("--namespace", "My.new")]
    [InlineData("--widths", "64")]
    [InlineData("--widths", "")]
    [InlineData("--widths", "128;256")]
    public void Names_and_widths_that_cannot_be_are_refused(string option, string value)
    {
        ToolRun.Of("compile", _model, "-o", _folder.At("emitted"), option, value).AssertRefused($"{option}: ");
        Assert.Equal(["tiny-x2.bloom"], _folder.Files);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused() =>
        ToolRun.Of("compile", _model, "-o", Path.Combine(_model, "emitted")).AssertRefused("emitted: cannot be created");
}

using Bitloom.Compiler.Descriptors;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool.Tests;

public sealed class TrainTests : IDisposable
{
    private const string Recipe = """
        {
          "name": "tiny",
          "task": "x2",
          "network": { "architecture": "bbcu-sr", "channels": 4, "units": 1 },
          "data": { "train": ["pictures"], "validation": ["pictures"], "patch": 8 },
          "training": { "steps": 3, "batch": 2 },
          "validation": { "every": 2, "patches": 2, "report": 1 }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _recipe;

    public TrainTests()
    {
        _recipe = _folder.Write("tiny.json", Recipe);
        Directory.CreateDirectory(_folder.At("pictures"));
        for (int i = 0; i < 2; i++)
        {
            var image = new Image(24, 20, 3);
            new Random(i).NextBytes(image.Pixels);
            ImageFile.Save(_folder.At($"pictures/{i}.png"), image);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Three_steps_make_a_network_a_curve_and_a_card()
    {
        ToolRun run = ToolRun.Of("train", _recipe, "--output", _folder.At("out"));
        run.AssertSucceeded();
        Assert.StartsWith("2 pictures to train on, 2 patches of 2 pictures to watch;", run.Lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^step 1/3: loss \d\.\d{6}, rate 1\.00e-3, \d+\.\d images/s, \d\d:\d\d:\d\d left$", run.Lines[1]);
        Assert.Contains(run.Lines, l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^step 2: validation PSNR -?\d+\.\d\d dB \| baseline \d+\.\d\d dB, mean loss \d\.\d{6}$"));
        Assert.Matches(@"^mean PSNR-Y \d+\.\d\d dB over 2 images \| baseline bicubic \d+\.\d\d dB$", run.LastLine);
        foreach (string file in new[] { "tiny.bloom", "tiny.state.safetensors", "curve.csv", "curve.svg" }) Assert.True(File.Exists(_folder.At($"out/{file}")), file);
        string card = File.ReadAllText(_folder.At("out/CARD.md"));
        Assert.Contains(run.LastLine, card, StringComparison.Ordinal);
        Assert.Contains(DescriptorHash.Compute(DescriptorReader.Read(File.ReadAllText(_folder.At("out/tiny.bloom"))).Value!), card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_parts_writes_the_same_network()
    {
        ToolRun.Of("train", _recipe, "-o", _folder.At("whole")).AssertSucceeded();
        ToolRun first = ToolRun.Of("train", _recipe, "-o", _folder.At("parts"), "--until", "1");
        first.AssertSucceeded();
        Assert.Contains("stopped after step 1, state in", first.LastLine, StringComparison.Ordinal);
        ToolRun.Of("train", _recipe, "-o", _folder.At("parts"), "--resume").AssertSucceeded();
        Assert.Equal(File.ReadAllBytes(_folder.At("whole/tiny.bloom")), File.ReadAllBytes(_folder.At("parts/tiny.bloom")));
    }

    [Fact]
    public void Ctrl_C_ends_with_130_and_a_state()
    {
        ToolRun run = ToolRun.With(InterpretedHost.Load, Cancelled(out CancelOnText output, "step 1/3"), output, "train", _recipe, "-o", _folder.At("out"));
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("stopped after step 1, state in", run.Output, StringComparison.Ordinal);
        ToolRun.Of("train", _recipe, "-o", _folder.At("out"), "--resume").AssertSucceeded();
    }

    [Fact]
    public void A_wrong_recipe_is_refused_with_its_place()
    {
        string recipe = _folder.Write("wrong.json", Recipe.Replace("\"channels\"", "\"chanels\"", StringComparison.Ordinal));
        ToolRun.Of("train", recipe, "-o", _folder.At("out")).AssertRefused("wrong.json(4,43)", "did you mean 'channels'?");
        Assert.False(Directory.Exists(_folder.At("out")));
        ToolRun.Of("train", _folder.At("none.json")).AssertRefused("none.json: no such file");
        ToolRun.Of("train", _recipe, "-o", _folder.At("out"), "--until", "4").AssertRefused("--until");
        ToolRun.Of("train", _recipe, "-o", _recipe).AssertRefused("is a file");
    }

    [Fact]
    public void A_state_is_not_overwritten_by_a_new_run()
    {
        ToolRun.Of("train", _recipe, "-o", _folder.At("out"), "--until", "1").AssertSucceeded();
        ToolRun.Of("train", _recipe, "-o", _folder.At("out")).AssertRefused("tiny.state.safetensors", "--resume");
    }

    private static CancellationToken Cancelled(out CancelOnText output, string text) => (output = new CancelOnText(text)).Token;
}

using Bitloom.Runtime.Images;

namespace Bitloom.Tool.Tests;

public sealed class EvaluateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public EvaluateTests() => _model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("set/a.png", "set/b.png")]
    [InlineData("set/HR/a.png", "set/HR/b.png")]
    [InlineData("set/a_HR.png", "set/b_HR.png", "set/a_LR.png", "set/b_LR.png")]
    public void Every_layout_of_a_test_set_is_found(params string[] files)
    {
        foreach (string file in files) Save(file, 33, 29, channels: file.Contains('b', StringComparison.Ordinal) ? 1 : 3);
        ToolRun run = ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x2");
        run.AssertSucceeded();
        Assert.Equal(4, run.Lines.Length);
        Assert.Matches(@"^\w+: PSNR-Y \d+\.\d\d dB SSIM-Y \d\.\d{4} \| bicubic \d+\.\d\d dB \d\.\d{4}$", run.Lines[0]);
        Assert.Matches(@"^mean PSNR-Y \d+\.\d\d dB over 2 images \| baseline bicubic \d+\.\d\d dB$", run.LastLine);
    }

    [Fact]
    public void The_task_must_be_the_networks_scale()
    {
        Save("set/a.png", 36, 36, channels: 3);
        ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x3").AssertRefused("--task: x3", "enlarges by 2");
    }

    [Theory]
    [InlineData("sigma25", "not supported yet")]
    [InlineData("jpeg20", "not supported yet")]
    [InlineData("spectral", "not supported yet")]
    [InlineData("classify", "not supported yet")]
    [InlineData("x5", "is not a task")]
    public void Other_tasks_are_refused(string task, string reason) =>
        ToolRun.Of("evaluate", _model, "--data", _folder.Path, "--task", task).AssertRefused($"--task: '{task}'", reason);

    [Fact]
    public void A_folder_without_pictures_is_refused()
    {
        ToolRun.Of("evaluate", _model, "--data", _folder.At("none"), "--task", "x2").AssertRefused("none: no such folder");
        ToolRun.Of("evaluate", _model, "--data", _folder.Path, "--task", "x2").AssertRefused("holds no pictures");
        _folder.Write("a.jpg", [0xFF, 0xD8]);
        ToolRun.Of("evaluate", _model, "--data", _folder.Path, "--task", "x2").AssertRefused("a.jpg");
    }

    [Fact]
    public void Structural_similarity_of_a_picture_with_itself_is_1()
    {
        Image image = Noise(20, 20, 3, seed: 1);
        Assert.Equal(1, StructuralSimilarity.OfLuma(image, image, 2), 12);
        Assert.InRange(StructuralSimilarity.OfLuma(image, Noise(20, 20, 3, seed: 2), 2), -1, 0.5);
    }

    private void Save(string name, int width, int height, int channels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(name))!);
        ImageFile.Save(_folder.At(name), Noise(width, height, channels, seed: name.Length));
    }

    private static Image Noise(int width, int height, int channels, int seed)
    {
        var image = new Image(width, height, channels);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Bitloom.Compiler;
using Bitloom.Import.Safetensors;
using Bitloom.Jpeg;
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

    [Fact]
    public void One_line_of_JSON_has_the_means()
    {
        Save("set/a.png", 36, 36, channels: 3);
        ToolRun run = ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x2", "--json");
        run.AssertSucceeded();
        using var json = System.Text.Json.JsonDocument.Parse(Assert.Single(run.Lines));
        Assert.Equal("PSNR-Y", json.RootElement.GetProperty("metric").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("images").GetInt32());
        Assert.True(json.RootElement.GetProperty("value").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("baselines").GetProperty("bicubic").GetDouble() > 0);
    }

    [Fact]
    public void A_list_chooses_pictures()
    {
        foreach (string name in (string[])["a", "b", "c"]) Save($"set/{name}.png", 36, 36, channels: 3);
        ToolRun run = ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x2", "--names", _folder.Write("list.txt", "c\n a \n\n"));
        run.AssertSucceeded();
        Assert.Equal(["c", "a"], run.Lines[..2].Select(l => l[..1]));
        Assert.Contains("over 2 images", run.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nz\n", "names 'z', which is not in the folder")]
    [InlineData("\n", "names no pictures")]
    public void A_list_that_does_not_fit_is_refused(string list, string message)
    {
        Save("set/a.png", 36, 36, channels: 3);
        ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x2", "--names", _folder.Write("list.txt", list)).AssertRefused("list.txt: ", message);
    }

    [Fact]
    public void Smoothing_filters_take_noise_away()
    {
        var slope = new Image(40, 36, 3);
        for (int i = 0; i < slope.Pixels.Length; i++) slope.Pixels[i] = (byte)(60 + (i / (3 * 40) * 2) + (i / 3 % 40));
        Directory.CreateDirectory(_folder.At("set"));
        ImageFile.Save(_folder.At("set/a.png"), slope);
        ToolRun run = ToolRun.Of("evaluate", _folder.Write("same.bloom", TestNetworks.Identity(3)), "--data", _folder.At("set"), "--task", "sigma50", "--filters", "--json");
        run.AssertSucceeded();
        using var json = System.Text.Json.JsonDocument.Parse(run.LastLine);
        var baselines = json.RootElement.GetProperty("baselines");
        double noisy = baselines.GetProperty("noisy").GetDouble();
        Assert.All((string[])["Gaussian filter", "bilateral filter"], name => Assert.True(baselines.GetProperty(name).GetDouble() > noisy + 1, baselines.ToString()));
    }

    [Fact]
    public void Enlarging_has_nothing_to_smooth()
    {
        Save("set/a.png", 36, 36, channels: 3);
        ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "x2", "--filters").AssertRefused("--filters: ", "x2");
    }

    [Theory]
    [InlineData("x5")]
    [InlineData("sigma")]
    [InlineData("sigma0")]
    [InlineData("jpeg101")]
    [InlineData("sharpen")]
    public void Other_tasks_are_refused(string task) =>
        ToolRun.Of("evaluate", _model, "--data", _folder.Path, "--task", task).AssertRefused($"--task: '{task}' is not a task", "sigma");

    [Fact]
    public void A_network_that_changes_nothing_is_as_good_as_the_noisy_picture()
    {
        Save("set/a.png", 64, 48, channels: 3);
        ToolRun run = ToolRun.Of("evaluate", _folder.Write("same.bloom", TestNetworks.Identity(3)), "--data", _folder.At("set"), "--task", "sigma25");
        run.AssertSucceeded();
        Match figures = Regex.Match(run.LastLine, @"^mean PSNR (\d+\.\d\d) dB over 1 image \| baseline noisy (\d+\.\d\d) dB$");
        Assert.True(figures.Success, run.LastLine);

        // 20 log10(255 / 25), and a little more for what is clipped to a picture.
        Assert.Equal(20.17, double.Parse(figures.Groups[2].Value, CultureInfo.InvariantCulture), 0.15);
        Assert.InRange(double.Parse(figures.Groups[1].Value, CultureInfo.InvariantCulture), 20.1, 22);
        ToolRun.Of("evaluate", _model, "--data", _folder.At("set"), "--task", "sigma25").AssertRefused("--task: sigma25", "enlarges by 2");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_network_that_changes_nothing_is_as_good_as_the_compressed_picture(int channels)
    {
        if (!JpegCodec.IsAvailable) return;
        Save("set/a.png", 64, 48, channels: 3);
        File.WriteAllBytes(_folder.At("set/b.jpg"), JpegCodec.Encode(Noise(40, 40, 3, seed: 3), 95));
        ToolRun run = ToolRun.Of("evaluate", _folder.Write("same.bloom", TestNetworks.Identity(channels)), "--data", _folder.At("set"), "--task", "jpeg20");
        run.AssertSucceeded();
        Match figures = Regex.Match(run.LastLine, @"^mean PSNR-Y (\d+\.\d\d) dB over 2 images \| baseline JPEG (\d+\.\d\d) dB$");
        Assert.True(figures.Success, run.LastLine);
        Assert.Equal(figures.Groups[2].Value, figures.Groups[1].Value);
    }

    [Fact]
    public void Cubes_are_measured_by_the_camera()
    {
        var random = new Random(4);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        _folder.Write("cubes/scene.safetensors", SafetensorsOf("cube", [28, 12, 12], Values(28 * 144)));
        string mask = _folder.Write("cubes/mask.safetensors", SafetensorsOf("mask", [12, 12], Values(144)));
        string model = _folder.Write("same.bloom", TestNetworks.Identity(28));
        ToolRun run = ToolRun.Of("evaluate", model, "--data", _folder.At("cubes"), "--task", "spectral", "--mask", mask);
        run.AssertSucceeded();
        Match figures = Regex.Match(run.LastLine, @"^mean PSNR (\d+\.\d\d) dB over 1 image \| baseline estimate (\d+\.\d\d) dB$");
        Assert.True(figures.Success, run.LastLine);
        Assert.Equal(figures.Groups[2].Value, figures.Groups[1].Value);
        ToolRun.Of("evaluate", model, "--data", _folder.At("cubes"), "--task", "spectral").AssertRefused("--mask");
    }

    [Fact]
    public void Classes_are_counted()
    {
        SaveClasses();
        ToolRun run = ToolRun.Of("evaluate", _folder.Write("mean.bloom", TestNetworks.MeanColours()), "--data", _folder.At("classes"), "--task", "classify");
        run.AssertSucceeded();
        Assert.Equal("mean top-1 80.00 % over 5 images | baseline commonest-class 60.00 %", run.LastLine);
    }

    [Fact]
    public void Choices_of_a_gate_are_counted_with_what_they_cost()
    {
        SaveClasses();
        ToolRun run = ToolRun.Of("evaluate", _folder.Write("gated.bloom", TestNetworks.Gated()), "--data", _folder.At("classes"), "--task", "classify");
        run.AssertSucceeded();
        Assert.Equal(
            ["chosen 128 20.0 %, 64 80.0 %", "mean MACs 0.04 M, of which the predictor 0.00 M | fixed 128 0.10 M, 64 0.02 M", "mean top-1 80.00 % over 5 images | baseline commonest-class 60.00 %"],
            run.Lines.TakeLast(3));
    }

    private void SaveClasses()
    {
        // The scores are the means of the colours, so red pictures are of class 0.
        foreach ((string name, byte red, byte green) in new[] { ("a/1", (byte)200, (byte)10), ("a/2", (byte)10, (byte)200), ("b/1", (byte)10, (byte)200), ("b/2", (byte)20, (byte)210), ("b/3", (byte)0, (byte)90) })
        {
            var image = new Image(16, 12, 3);
            for (int i = 0; i < image.Pixels.Length; i += 3) (image.Pixels[i], image.Pixels[i + 1]) = (red, green);
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.At($"classes/{name}"))!);
            ImageFile.Save(_folder.At($"classes/{name}.png"), image);
        }
    }

    private static byte[] SafetensorsOf(string name, int[] shape, float[] values)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [new NamedTensor(name, shape.ToEquatableArray(), values)]);
        return stream.ToArray();
    }

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

using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool.Tests;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(3, 4)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(1, 4)]
    public void Pictures_of_every_kind_are_enlarged(int networkChannels, int imageChannels)
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler(networkChannels));
        Image image = Gradient(imageChannels);
        ImageFile.Save(_folder.At("a.png"), image);
        ToolRun run = ToolRun.Of("run", model, "--input", _folder.At("a.png"), "-o", _folder.At("b.png"), "--threads", "2");
        run.AssertSucceeded();
        Assert.Matches(@"^wrote .*b\.png: 12x16 pixels in \d+\.\d ms on 2 threads$", run.LastLine);

        Image result = ImageFile.Load(_folder.At("b.png"));
        Assert.Equal((16, 12, imageChannels), (result.Width, result.Height, result.Channels));

        // The network adds little to the input enlarged by nearest neighbour, so every sample stays near its source.
        for (int y = 0; y < result.Height; y++)
            for (int i = 0; i < result.Width * imageChannels; i++)
            {
                int source = image.Row(y / 2)[(i / imageChannels / 2 * imageChannels) + (i % imageChannels)];
                Assert.InRange(result.Row(y)[i], source - 24, source + 24);
            }
    }

    [Fact]
    public void Colours_go_through_the_network_exactly()
    {
        string descriptor = TestNetworks.Upscaler(), model = _folder.Write("tiny.bloom", descriptor);
        Image image = Gradient(3);
        ImageFile.Save(_folder.At("a.png"), image);
        ToolRun.Of("run", model, "--input", _folder.At("a.png"), "-o", _folder.At("b.png")).AssertSucceeded();
        NetworkGraph graph = DescriptorReader.Read(descriptor).Value!;
        Tensor expected = Interpreter.Run(graph, new Dictionary<string, Tensor> { ["input"] = new(3, 6, 8, ImagePlanes.ToPlanes(image)) })["output"];
        Assert.Equal(ImagePlanes.FromPlanes(expected.Values, 3, 12, 16).Pixels, ImageFile.Load(_folder.At("b.png")).Pixels);
    }

    [Fact]
    public void Tensors_are_written_by_output_name()
    {
        string descriptor = TestNetworks.Upscaler(), model = _folder.Write("tiny.bloom", descriptor), output = _folder.At("out.safetensors");
        NetworkGraph graph = DescriptorReader.Read(descriptor).Value!;
        Dictionary<string, Tensor> inputs = NetworkInputs.Random(graph, new ImageSize(5, 4), seed: 2);
        TensorFile.Write(_folder.At("in.safetensors"), inputs);
        ToolRun run = ToolRun.Of("run", model, "--tensors", _folder.At("in.safetensors"), "-o", output);
        run.AssertSucceeded();
        Assert.Matches(@"^wrote .*out\.safetensors: output 3 x 10 x 8 in \d+\.\d ms on 1 thread$", run.LastLine);
        Assert.Equal(Interpreter.Run(graph, inputs)["output"].Values, TensorFile.Read(output)["output"].Values);
    }

    [Fact]
    public void An_existing_file_survives_a_failure()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler()), output = _folder.Write("b.png", "precious");
        string damaged = _folder.Write("a.png", TruncatedPng());
        ToolRun.Of("run", model, "--input", damaged, "-o", output).AssertRefused("a.png");
        Assert.Equal("precious", File.ReadAllText(output));
        Assert.Equal(["a.png", "b.png", "tiny.bloom"], _folder.Files);
    }

    [Fact]
    public void A_picture_of_another_size_than_the_network_fixes_is_refused()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler(fixedSize: true));
        ImageFile.Save(_folder.At("a.png"), new Image(9, 6, 3));
        ToolRun.Of("run", model, "--input", _folder.At("a.png"), "-o", _folder.At("b.png")).AssertRefused("a.png", "6x9", "6x8");
        Assert.Equal(["a.png", "tiny.bloom"], _folder.Files);
    }

    [Theory]
    [InlineData("b.bmp", "the extension names no picture format")]
    [InlineData("missing/b.png", "does not exist")]
    [InlineData(".", "is a folder")]
    [InlineData("tiny.bloom/b.png", "does not exist")]
    public void An_output_that_cannot_be_written_is_refused_before_any_work(string name, string reason)
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        ImageFile.Save(_folder.At("a.png"), Gradient(3));
        ToolRun.Of("run", model, "--input", _folder.At("a.png"), "-o", _folder.At(name)).AssertRefused(reason);
        Assert.Equal(["a.png", "tiny.bloom"], _folder.Files);
    }

    [Fact]
    public void Input_and_tensors_exclude_each_other()
    {
        ToolRun.Of("run", "a.bloom", "-o", "b.png").AssertRefused("give either --input or --tensors");
        ToolRun.Of("run", "a.bloom", "-o", "b.png", "--input", "a.png", "--tensors", "a.safetensors").AssertRefused("give either --input or --tensors");
    }

    [Fact]
    public void A_value_for_white_is_1_or_255() => ToolRun.Of("run", "a.bloom", "-o", "b.png", "--input", "a.png", "--white", "2").AssertRefused("--white", "1 or 255");

    private byte[] TruncatedPng()
    {
        string path = _folder.At("whole.png");
        ImageFile.Save(path, Gradient(3));
        byte[] whole = File.ReadAllBytes(path);
        File.Delete(path);
        return whole[..(whole.Length / 2)];
    }

    // 8 x 6 pixels of mid tones, so that nothing is clamped.
    private static Image Gradient(int channels)
    {
        var image = new Image(8, 6, channels);
        for (int i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)(100 + (i / channels / 8 * 8) + (i / channels % 8 * 2) + (i % channels * 3));
        return image;
    }
}

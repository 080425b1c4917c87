using Bitloom.Runtime.Images;
using Samples;
using Upscale;

namespace Bitloom.Samples.Tests;

/// <summary>The command as a user meets it: what it prints, its exit code, and the files that it leaves.</summary>
public sealed class PictureCommandTests : CommandTests
{
    public PictureCommandTests()
        : base("upscale")
    {
        ImageFile.Save(At("in.png"), Pictures.Draw(24, 18, 3));
        ImageFile.Save(At("alpha.png"), Pictures.Draw(9, 8, 4));
        File.WriteAllBytes(At("text.png"), "no picture"u8.ToArray());
        File.WriteAllBytes(At("empty.png"), []);
        File.WriteAllBytes(At("cut.png"), File.ReadAllBytes(At("in.png"))[..200]);
        Directory.CreateDirectory(At("folder.png"));
    }

    [Theory]
    [InlineData("in.png", "out.png")]
    [InlineData("in.png", "out.ppm")]
    [InlineData("alpha.png", "out.png")]
    public void APictureIsWritten(string input, string output)
    {
        (int code, string printed, string errors) = Run(At(input), At(output), "--threads", "2");

        Image small = ImageFile.Load(At(input)), large = ImageFile.Load(At(output));
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith(Invariant($"{At(output)}: {2 * small.Width} x {2 * small.Height} pixels in "), printed, StringComparison.Ordinal);
        Assert.Equal(Pictures.Enlarge(small).Pixels, large.Pixels);
    }

    [Fact]
    public void StatisticsNameTimeSpeedThreadsBandsAndMemory()
    {
        (int code, string printed, _) = Run(At("in.png"), At("out.png"), "--stats", "--threads", "3", "--band", "2");

        Assert.Equal(0, code);
        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["time", "speed", "threads", "bands", "memory"], lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.Contains("threads  3, vectors of ", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("in.png", "-h")]
    public void HelpIsPrintedWhereAskedForAndWithoutArguments(params string[] arguments)
    {
        (int code, string printed, string errors) = Run(arguments);

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("upscale IN OUT ", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.png", "out.png", "there is no such file")]
    [InlineData("folder.png", "out.png", "it is a folder")]
    [InlineData("text.png", "out.png", "convert it to")]
    [InlineData("empty.png", "out.png", "the file is empty")]
    [InlineData("cut.png", "out.png", "cut.png")]
    [InlineData("in.png", "out.jpg", "use .png, .ppm or .pgm")]
    [InlineData("in.png", "out", "use .png, .ppm or .pgm")]
    [InlineData("in.png", "out.pgm", "use .png or .ppm")]
    [InlineData("alpha.png", "out.ppm", "use .png")]
    [InlineData("in.png", "in.png", "give another name")]
    [InlineData("in.png", "folder.png", "give a file name")]
    [InlineData("in.png", "missing/out.png", "create it first")]
    public void ABadFileIsOneLineThatNamesItAndNothingIsWritten(string input, string output, string remedy)
    {
        string[] before = Files();
        (int code, string printed, string errors) = Run(At(input), At(output));

        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith("upscale: ", errors, StringComparison.Ordinal);
        Assert.Contains(remedy, errors, StringComparison.Ordinal);
        Assert.Contains(Folder, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("two files are expected, IN and OUT, and 1 given", "in.png")]
    [InlineData("two files are expected, IN and OUT, and 3 given", "a", "b", "c")]
    [InlineData("--thread is not an option", "a", "b", "--thread", "2")]
    [InlineData("--threads without a value: give a whole number from 1 to 256", "a", "b", "--threads")]
    [InlineData("--threads 0: give", "a", "b", "--threads", "0")]
    [InlineData("--threads 257: give", "a", "b", "--threads", "257")]
    [InlineData("--band 1.5: give", "a", "b", "--band", "1.5")]
    [InlineData("--band -3: give", "a", "b", "--band", "-3")]
    [InlineData("--network bbcu: give one of bbcu-s-x2, ", "a", "b", "--network", "bbcu")]
    [InlineData("--network without a value: give one of ", "a", "b", "--network")]
    public void ABadArgumentIsOneLineWithTheRemedy(string expected, params string[] arguments)
    {
        (int code, string printed, string errors) = Run(arguments);

        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith("upscale: " + expected, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public void AnotherNetworkIsRunWhereItIsNamed()
    {
        PictureNetwork network = Upscale.Networks.All[1];
        (int code, _, string errors) = Run(At("in.png"), At("out.png"), "--network", network.Name);

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(Pictures.Apply(network, ImageFile.Load(At("in.png"))).Pixels, ImageFile.Load(At("out.png")).Pixels);
        Assert.All(Upscale.Networks.All, n => Assert.Contains(n.Name, Program.Command.Help, StringComparison.Ordinal));
    }

    [Fact]
    public void ACommandOfOneNetworkOffersNoChoice()
    {
        string[] arguments = [At("in.png"), At("out.png"), "--network", "bbcu-denoise-s"];
        (int code, _, string errors) = Capture((printed, failures) => Denoise.Program.Command.Run(arguments, printed, failures, isTerminal: false, CancellationToken.None));
        Assert.Equal((2, "denoise: --network is not an option; see denoise --help\n"), (code, errors));
        Assert.DoesNotContain("--network", Denoise.Program.Command.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptedRunLeavesTheFolderAsItWas()
    {
        string[] before = Files();
        var errors = new StringWriter();
        int code = Program.Command.Run([At("in.png"), At("out.png")], TextWriter.Null, errors, isTerminal: false, new CancellationToken(canceled: true));

        Assert.Equal(130, code);
        Assert.Equal("upscale: interrupted, nothing was written\n", errors.ToString());
        Assert.Equal(before, Files());
    }

    [Fact]
    public void AnInterruptionWhileSavingKeepsTheFileThatWasThere()
    {
        File.WriteAllText(At("out.png"), "older");
        string[] before = Files();

        Assert.Throws<OperationCanceledException>(() => ImageFile.Save(At("out.png"), Pictures.Draw(50, 50, 3), new CancellationToken(canceled: true)));
        Assert.Equal(before, Files());
        Assert.Equal("older", File.ReadAllText(At("out.png")));
    }

    private static (int Code, string Printed, string Errors) Run(params string[] arguments) =>
        Capture((output, errors) => Program.Command.Run(arguments, output, errors, isTerminal: false, CancellationToken.None));
}

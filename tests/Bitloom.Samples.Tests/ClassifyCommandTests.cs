using System.Globalization;
using Bitloom.Runtime;
using Bitloom.Runtime.Images;
using Bitloom.Tests;
using Classify;

namespace Bitloom.Samples.Tests;

/// <summary>The classify command as a user meets it, and what it makes of pictures.</summary>
public sealed class ClassifyCommandTests : CommandTests
{
    public ClassifyCommandTests()
        : base("classify")
    {
        ImageFile.Save(At("in.png"), Pictures.Draw(150, 200, 3));
        ImageFile.Save(At("grey.pgm"), Pictures.Draw(60, 40, 1));
        ImageFile.Save(At("alpha.png"), Pictures.Draw(128, 128, 4));
        File.WriteAllBytes(At("text.png"), "no picture"u8.ToArray());
        File.WriteAllBytes(At("empty.jpg"), []);
        Directory.CreateDirectory(At("folder.png"));
    }

    [Theory]
    [InlineData("in.png", 3)]
    [InlineData("in.png", 10, "--top", "10")]
    [InlineData("grey.pgm", 1, "--top", "1", "--threads", "2")]
    [InlineData("alpha.png", 3)]
    [InlineData("in.png", 3, "--network", "resnet-s-112")]
    [InlineData("in.png", 3, "--network", "resnet-s-56")]
    public void ClassesResolutionAndTimeArePrinted(string input, int classes, params string[] options)
    {
        (int code, string printed, string errors) = Run([At(input), .. options]);

        Assert.Equal((0, ""), (code, errors));
        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(classes + 2, lines.Length);
        double[] shares = [.. lines.Take(classes).Select(ShareOf)];
        Assert.Equal(shares.OrderDescending(), shares);
        if (classes == Labels.All.Count) Assert.InRange(shares.Sum(), 99, 101);
        Assert.All(lines.Take(classes), line => Assert.Contains(line.Split(' ')[0], Labels.All));
        Assert.Contains(lines[^2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].TrimEnd(','), (string[])["112", "80", "56"]);
        Assert.StartsWith("resolution", lines[^2], StringComparison.Ordinal);
        Assert.Matches(@"^time +\d+\.\d\d ms in the network, \d threads?$", lines[^1]);
    }

    [Fact]
    public void EveryScoreHasALabel()
    {
        foreach (Network network in Networks.All)
        {
            using BloomSession session = network.Create(1);
            Assert.Equal(session.Outputs[0].Length, Labels.All.Count);
            Assert.Equal(Labels.All, File.ReadAllLines(Path.Combine(ModelsFolder.FullName, network.Name, "labels.txt")));
        }

        Assert.Equal(Labels.All.Count, Labels.All.Distinct().Count());
        Assert.DoesNotContain("", Labels.All);
    }

    [Fact]
    public void OnlyTheMiddleOfAPictureCountsAndThreadsChangeNothing()
    {
        // 128 pixels on the shorter side are taken as they are.
        Image picture = Pictures.Draw(128, 200, 3), other = Pictures.Draw(128, 200, 3);
        for (int y = 0; y < 200; y++)
            for (int x = 0; x < 128; x++)
                if (y is < 44 or >= 156 || x is < 8 or >= 120) other.Pixels[((y * 128) + x) * 3] ^= 255;
        IReadOnlyList<Guess> expected = Classified(picture, 1);
        Assert.Equal(expected, Classified(other, 1));
        Assert.Equal(expected, Classified(picture, 2));
        for (int x = 44; x < 84; x++) other.Pixels[((100 * 128) + x) * 3] ^= 128;
        Assert.NotEqual(expected, Classified(other, 1));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("in.png", "-h")]
    public void HelpIsPrintedWhereAskedForAndWithoutArguments(params string[] arguments)
    {
        (int code, string printed, string errors) = Run(arguments);

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("classify PHOTO ", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.png", "there is no such file")]
    [InlineData("folder.png", "it is a folder")]
    [InlineData("text.png", "convert it to")]
    [InlineData("empty.jpg", "the file is empty")]
    public void ABadFileIsOneLineThatNamesIt(string input, string remedy)
    {
        (int code, string printed, string errors) = Run(At(input));

        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith($"classify: {At(input)}", errors, StringComparison.Ordinal);
        Assert.Contains(remedy, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("one file is expected, PHOTO, and 2 given", "a", "b")]
    [InlineData("one file is expected, PHOTO, and 0 given", "--top", "2")]
    [InlineData("--most is not an option", "a", "--most", "2")]
    [InlineData("--top 0: give a whole number from 1 to 10", "a", "--top", "0")]
    [InlineData("--network resnet: give one of drnet-s, resnet-s-112, ", "a", "--network", "resnet")]
    [InlineData("--top 11: give", "a", "--top", "11")]
    [InlineData("--threads without a value: give a whole number from 1 to 256", "a", "--threads")]
    public void ABadArgumentIsOneLineWithTheRemedy(string expected, params string[] arguments)
    {
        (int code, string printed, string errors) = Run(arguments);

        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith("classify: " + expected, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public void AnInterruptedRunPrintsNothing()
    {
        using StringWriter output = new(), errors = new();
        Assert.Equal(130, Program.Run([At("in.png")], output, errors, new CancellationToken(canceled: true)));
        Assert.Equal("", output.ToString());
    }

    private static IReadOnlyList<Guess> Classified(Image picture, int threads)
    {
        using var classifier = new PictureClassifier(Networks.All[0], threads);
        classifier.Load(picture);
        return classifier.Classify();
    }

    private static double ShareOf(string line) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static (int Code, string Printed, string Errors) Run(params string[] arguments) =>
        Capture((output, errors) => Program.Run(arguments, output, errors, CancellationToken.None));
}

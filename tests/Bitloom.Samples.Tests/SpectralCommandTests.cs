using Bitloom.Arrays.Numpy;
using Bitloom.Runtime.Images;
using Bitloom.Spectral;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;
using Spectral;

namespace Bitloom.Samples.Tests;

/// <summary>The command <c>spectral</c> with stand-ins for the network: what it computes, prints, writes and refuses.</summary>
public sealed class SpectralCommandTests : CommandTests
{
    private readonly Cube _scene = Draw(28, 16, 12);
    private readonly Plane _mask = new(20, 14, Draw(1, 20, 14).Values);

    public SpectralCommandTests()
        : base("spectral")
    {
        CubeWriter.Write(At("scene.npy"), _scene);
        CubeWriter.Write(At("cave.npy"), Draw(31, 16, 12));
        CubeWriter.Write(At("five.npy"), Draw(5, 16, 12));
        CubeWriter.Write(At("large.npy"), Draw(28, 24, 15));
        CubeWriter.Write(At("tiny.npy"), Draw(28, 16, 7));
        CubeWriter.Write(At("bright.npy"), new Cube(28, 16, 12, [.. _scene.Values.Select(v => v * 4000)]));
        CubeWriter.Write(At("dark.npy"), new Cube(28, 16, 12));
        CubeWriter.Write(At("infrared.hdr"), Draw(28, 16, 12).WithWavelengths(SpectralBands.Even(900, 1700, 28)));
        Save("mask.npy", _mask.Height, _mask.Width, _mask.Values);
        Save("negative.npy", 20, 14, [.. _mask.Values.Select(v => v - 0.5f)]);
        Save("measured.npy", 16, 12 + 54, SnapshotCamera.Measure(_scene, _mask.Crop(16, 12)).Values);
        Save("narrow.npy", 16, 54 + 7, new float[16 * 61]);
        File.WriteAllText(At("text.npy"), "no array, but long enough to be looked at");
        File.WriteAllBytes(At("cut.npy"), File.ReadAllBytes(At("scene.npy"))[..5000]);
        Directory.CreateDirectory(At("folder.npy"));
    }

    [Fact]
    public void TheNetworkIsGivenTheEstimateAndTheMasks()
    {
        var recorder = new Recorder();
        (int code, string printed, string errors) = Run(recorder, "scene.npy", "--mask", "mask.npy", "-o", "out.npy", "--threads", "3");

        Plane mask = _mask.Crop(16, 12);
        Cube estimate = SnapshotCamera.InitialEstimate(SnapshotCamera.Measure(_scene, mask), SpectralBands.Cassi);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal((16, 12, 3), (recorder.Height, recorder.Width, recorder.Threads));
        Assert.Equal(estimate.Values, recorder.Estimate);
        Assert.Equal(SnapshotCamera.RepeatMask(mask, 28), recorder.Masks);
        Assert.True(recorder.IsDisposed);

        // The stand-in returns the estimate plus one.
        Cube written = CubeReader.ReadCube(At("out.npy")).Cube;
        Assert.Equal(estimate.Values.Select(v => v + 1), written.Values);
        CubeQuality before = CubeQuality.Of(estimate, _scene), after = CubeQuality.Of(written, _scene);
        Assert.EndsWith(Invariant($"estimate PSNR {before.MeanPsnr:F2} dB, SSIM {before.MeanSsim:F4} before the network\nresult   PSNR {after.MeanPsnr:F2} dB, SSIM {after.MeanSsim:F4} over 28 bands\n"), printed, StringComparison.Ordinal);
    }

    [Fact]
    public void AMeasurementGivesWhatItsSceneGives()
    {
        Assert.Equal(0, Run(new Recorder(), "scene.npy", "--mask", "mask.npy", "-o", "simulated.npy").Code);
        (int code, string printed, _) = Run(new Recorder(), "--measurement", "measured.npy", "--mask", "mask.npy", "-o", "measured-out.npy", "--truth", "scene.npy");
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllBytes(At("simulated.npy")), File.ReadAllBytes(At("measured-out.npy")));
        Assert.Contains("result   PSNR ", printed, StringComparison.Ordinal);

        (_, printed, _) = Run(new Recorder(), "--measurement", "measured.npy", "--mask", "mask.npy", "-o", "measured-out.npy");
        Assert.DoesNotContain("PSNR", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.npy")]
    [InlineData("out.mat")]
    [InlineData("out.safetensors")]
    [InlineData("out.hdr")]
    public void EveryFormatHoldsTheSameCube(string name)
    {
        var recorder = new Recorder();
        Assert.Equal(0, Run(recorder, "scene.npy", "--mask", "mask.npy", "-o", name).Code);
        Assert.Equal(recorder.Estimate.Select(v => v + 1), CubeReader.ReadCube(At(name)).Cube.Values);
    }

    [Fact]
    public void WhatIsDoneToTheInputIsSaid()
    {
        (int code, string printed, _) = Run(new Recorder(), "cave.npy", "--mask", "mask.npy", "-o", "out.npy", "--scale", "4", "--shot", "500", "--gaussian", "0.01", "--seed", "7", "--bands");
        Assert.Equal(0, code);
        Assert.StartsWith(
            $"scene    {At("cave.npy")}: 31 bands of 16 x 12, bands first, F32 divided by 4\n"
            + "         31 bands of 400 to 700 nm interpolated to 28 of 453.5 to 648 nm\n"
            + $"mask     {At("mask.npy")}: 20 x 14, F32 as it is\n"
            + "         cut to its first 16 rows and 12 columns\n"
            + "snapshot simulated, 16 x 66, shot noise of 500 photons, Gaussian noise of 0.01, seed 7\n"
            + "network  recorder, ",
            printed,
            StringComparison.Ordinal);
        Assert.Equal(28, printed.Split('\n').Count(line => line.StartsWith("band ", StringComparison.Ordinal)));
    }

    [Fact]
    public void ACubeLargerThanTheMaskIsCutOnRequest()
    {
        var recorder = new Recorder();
        (int code, string printed, _) = Run(recorder, "large.npy", "--mask", "mask.npy", "-o", "out.npy", "--crop");
        Assert.Equal((0, 20, 14), (code, recorder.Height, recorder.Width));
        Assert.Contains("cut to its middle, 20 x 14 pixels from row 2 and column 0", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void PicturesAreWritten()
    {
        Assert.Equal(0, Run(new Recorder(), "scene.npy", "--mask", "mask.npy", "-o", "out.npy", "--png", "bands", "--tint", "--sheet", "sheet.png", "--rgb", "rgb.png").Code);
        string[] bands = [.. Directory.GetFiles(At("bands")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(28, bands.Length);
        Assert.Equal(("band-01-453.5.png", "band-28-648.0.png"), (bands[0], bands[^1]));
        Image band = ImageFile.Load(At("bands/band-28-648.0.png")), sheet = ImageFile.Load(At("sheet.png")), colours = ImageFile.Load(At("rgb.png"));
        Assert.Equal((12, 16, 3), (band.Width, band.Height, band.Channels));
        Assert.Equal((4 + (7 * 16), 4 + (4 * 20), 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal((12, 16, 3), (colours.Width, colours.Height, colours.Channels));
    }

    [Theory]
    [InlineData("missing.npy", "mask.npy", "out.npy", "there is no such file")]
    [InlineData("folder.npy", "mask.npy", "out.npy", "it is a folder")]
    [InlineData("text.npy", "mask.npy", "out.npy", "it does not start as .npy files do; save it with numpy.save")]
    [InlineData("cut.npy", "mask.npy", "out.npy", "takes 21504 bytes, and it holds 4872")]
    [InlineData("five.npy", "mask.npy", "out.npy", "5 bands say nothing of their wavelengths; give them with --wavelengths")]
    [InlineData("infrared.hdr", "mask.npy", "out.npy", "900 to 1700 nm do not reach")]
    [InlineData("large.npy", "mask.npy", "out.npy", "add --crop to take the middle")]
    [InlineData("tiny.npy", "mask.npy", "out.npy", "a scene of 16 x 7 pixels is too small; give 8 x 8 at least")]
    [InlineData("bright.npy", "mask.npy", "out.npy", "so 1 is not full brightness; say what is with --scale")]
    [InlineData("dark.npy", "mask.npy", "out.npy", "no value is above 0")]
    [InlineData("mask.npy", "mask.npy", "out.npy", "has the shape [20, 14], and 3 dimensions are wanted")]
    [InlineData("scene.npy", "scene.npy", "out.npy", "2 dimensions are wanted")]
    [InlineData("scene.npy", "negative.npy", "out.npy", "transmissions of 0 to 1")]
    [InlineData("scene.npy", "mask.npy", "out.tif", "use .npy, .mat, .safetensors or .hdr (ENVI)")]
    [InlineData("scene.npy", "mask.npy", "scene.npy", "it is an input too")]
    [InlineData("scene.npy", "mask.npy", "missing/out.npy", "its folder does not exist")]
    [InlineData("scene.npy", "mask.npy", "folder.npy", "it is a folder")]
    public void ABadFileIsOneLineThatNamesItAndNothingIsWritten(string cube, string mask, string written, string remedy)
    {
        string[] before = Files();
        (int code, _, string errors) = Run(new Recorder(), cube, "--mask", mask, "-o", written);

        Assert.Equal(2, code);
        Assert.StartsWith($"spectral: {Folder}", errors, StringComparison.Ordinal);
        Assert.Contains(remedy, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("one file is expected, CUBE, and 0 given", "--mask", "m", "-o", "x.npy")]
    [InlineData("beside --measurement no other file is expected and 1 given", "a", "--measurement", "y", "--mask", "m", "-o", "x.npy")]
    [InlineData("--mask is missing; give the coded aperture", "a", "-o", "x.npy")]
    [InlineData("-o is missing; give the file to write", "a", "--mask", "m")]
    [InlineData("-o without a value", "a", "--mask", "m", "-o")]
    [InlineData("--noise is not an option", "a", "--noise", "3")]
    [InlineData("--mask is given twice", "a", "--mask", "m", "--mask", "m")]
    [InlineData("--scale 0: give max or a number above 0", "a", "--mask", "m", "-o", "x.npy", "--scale", "0")]
    [InlineData("--band-axis middle: give first or last", "a", "--mask", "m", "-o", "x.npy", "--band-axis", "middle")]
    [InlineData("--wavelengths 700:400: give two numbers", "a", "--mask", "m", "-o", "x.npy", "--wavelengths", "700:400")]
    [InlineData("--network hyper: give one of recorder, none", "a", "--mask", "m", "-o", "x.npy", "--network", "hyper")]
    [InlineData("--threads 257: give a whole number from 1 to 256", "a", "--mask", "m", "-o", "x.npy", "--threads", "257")]
    [InlineData("--gaussian -1: give a number above 0", "a", "--mask", "m", "-o", "x.npy", "--gaussian", "-1")]
    [InlineData("--shot is for simulated snapshots", "--measurement", "y", "--mask", "m", "-o", "x.npy", "--shot", "9")]
    [InlineData("--truth is for --measurement", "a", "--truth", "t", "--mask", "m", "-o", "x.npy")]
    [InlineData("--tint colours the pictures of --png and --sheet", "a", "--mask", "m", "-o", "x.npy", "--tint")]
    public void ABadArgumentIsOneLineWithTheRemedy(string expected, params string[] arguments)
    {
        (int code, string printed, string errors) = RunAsGiven(new Recorder(), arguments);
        Assert.Equal((2, ""), (code, printed));
        Assert.StartsWith("spectral: " + expected, errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("narrow.npy", "scene.npy", "a scene of 16 x 7 pixels is too small")]
    [InlineData("mask.npy", "scene.npy", "14 columns are too few; a snapshot is 54 wider than its scene")]
    [InlineData("measured.npy", "large.npy", "24 x 15 pixels, and the snapshot shows 16 x 12")]
    public void ABadMeasurementIsRefused(string measurement, string truth, string remedy)
    {
        (int code, _, string errors) = Run(new Recorder(), "--measurement", measurement, "--mask", "mask.npy", "-o", "out.npy", "--truth", truth);
        Assert.Equal(2, code);
        Assert.Contains(remedy, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("out.npy")));
    }

    [Fact]
    public void AMeasurementWhoseCubeWouldNotFitIsRefused()
    {
        // One byte a value, so that a large measurement makes a small file.
        string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (20000, 600), }";
        File.WriteAllBytes(At("long.npy"), [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[12_000_000]]);
        (int code, _, string errors) = Run(new Recorder(), "--measurement", "long.npy", "--mask", "mask.npy", "-o", "out.npy", "--scale", "1");
        Assert.Equal(2, code);
        Assert.Contains("a scene of 20000 x 546 pixels is too large; 9586980 pixels are the limit, so cut it into parts", errors, StringComparison.Ordinal);
        Assert.Contains("it holds whole numbers; say with --scale NUMBER", Run(new Recorder(), "--measurement", "long.npy", "--mask", "mask.npy", "-o", "out.npy").Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("a", "-h")]
    public void HelpIsPrintedWhereAskedForAndWithoutArguments(params string[] arguments)
    {
        (int code, string printed, string errors) = RunAsGiven(new Recorder(), arguments);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("spectral CUBE --mask MASK ", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptedRunLeavesTheFolderAsItWas()
    {
        string[] before = Files();
        var errors = new StringWriter();
        int code = Program.Run([At("scene.npy"), "--mask", At("mask.npy"), "-o", At("out.npy")], new Recorder().Networks, TextWriter.Null, errors, new CancellationToken(canceled: true));
        Assert.Equal(130, code);
        Assert.Equal(before, Files());
        Assert.Equal("spectral: interrupted, no file is left half written\n", errors.ToString());
    }

    private static Cube Draw(int bands, int height, int width)
    {
        var random = new Random(bands);
        var cube = new Cube(bands, height, width);
        for (int i = 0; i < cube.Values.Length; i++) cube.Values[i] = random.NextSingle();
        return cube;
    }

    private void Save(string name, int height, int width, float[] values)
    {
        using FileStream file = File.Create(At(name));
        NpyWriter.Write(file, [height, width], values);
    }

    // Names of files are those in the test's folder.
    private (int Code, string Printed, string Errors) Run(Recorder network, params string[] arguments) =>
        RunAsGiven(network, [.. arguments.Select((a, i) => (a.Contains('.', StringComparison.Ordinal) && !double.TryParse(a, out _)) || (i > 0 && arguments[i - 1] == "--png") ? At(a) : a)]);

    private static (int Code, string Printed, string Errors) RunAsGiven(Recorder network, params string[] arguments) =>
        Capture((output, errors) => Program.Run(arguments, network.Networks, output, errors, CancellationToken.None));
}

using Bitloom.Arrays;
using Bitloom.Spectral.Files;

namespace Bitloom.Spectral.Tests;

/// <summary>Cubes in every format and order of dimensions.</summary>
public class CubeFileTests
{
    [Theory]
    [InlineData("bsq_f4.hdr", "F32")]
    [InlineData("bil_u2_big.hdr", "U16")]
    [InlineData("bip_f8.hdr", "F64")]
    [InlineData("bip_i2_big.hdr", "I16")]
    public void EnviFilesOfEveryInterleaveAreRead(string file, string type)
    {
        StoredCube stored = CubeReader.ReadCube(Golden.PathOf(file));
        Assert.Equal((3, 4, 5, type), (stored.Cube.Bands, stored.Cube.Height, stored.Cube.Width, stored.Type.Name));
        Assert.Equal(Golden.Ramp(60), stored.Cube.Values);
        Assert.Equal([450, 550, 650], stored.Cube.Wavelengths!.Select(w => Math.Round(w, 9)));
    }

    [Theory]
    [InlineData("c.npy", "bands first")]
    [InlineData("c.mat", "bands last")]
    [InlineData("c.safetensors", "bands first")]
    [InlineData("c.hdr", "interleave bsq")]
    public void WhatIsWrittenIsReadBackBitForBit(string name, string layout)
    {
        using var folder = new TemporaryFolder();
        Cube cube = Cubes.Draw(28, 9, 11);
        CubeWriter.Write(folder.At(name), cube);
        StoredCube stored = CubeReader.ReadCube(folder.At(name));

        Assert.Equal(layout, stored.Layout);
        Assert.Equal((28, 9, 11), (stored.Cube.Bands, stored.Cube.Height, stored.Cube.Width));
        Assert.Equal(cube.Values, stored.Cube.Values);
        Assert.Equal(name == "c.hdr" ? cube.Wavelengths : null, stored.Cube.Wavelengths);
        Assert.Equal(name == "c.hdr" ? ["c.hdr", "c.raw"] : [name], folder.Files);
    }

    [Theory]
    [InlineData(28, 5, 31 + 1, BandAxis.Detect, 28)]
    [InlineData(40, 5, 31, BandAxis.Detect, 31)]
    [InlineData(5, 40, 6, BandAxis.Detect, 5)]
    [InlineData(6, 40, 5, BandAxis.Detect, 5)]
    [InlineData(28, 7, 31, BandAxis.Detect, 28)]
    [InlineData(28, 7, 12, BandAxis.Last, 12)]
    [InlineData(40, 7, 12, BandAxis.First, 40)]
    public void TheBandsAreFound(int first, int middle, int last, BandAxis axis, int bands)
    {
        using var folder = new TemporaryFolder();
        Write(folder.At("c.npy"), first, middle, last);
        Cube cube = CubeReader.ReadCube(folder.At("c.npy"), axis: axis).Cube;

        bool isFirst = bands == first;
        Assert.Equal(isFirst ? (first, middle, last) : (last, first, middle), (cube.Bands, cube.Height, cube.Width));

        // Value i was written at position i: the second pixel of the first row is 1 with bands first, and a whole pixel later otherwise.
        Assert.Equal(isFirst ? 1 : last, cube.Values[1]);
    }

    [Fact]
    public void EqualFirstAndLastDimensionsNeedAWord()
    {
        using var folder = new TemporaryFolder();
        Write(folder.At("c.npy"), 31, 4, 31);
        Assert.Contains("does not tell whether bands are the first or the last", ArrayFileTests.Refusal(() => CubeReader.ReadCube(folder.At("c.npy"))), StringComparison.Ordinal);
        Assert.Equal(31, CubeReader.ReadCube(folder.At("c.npy"), axis: BandAxis.Last).Cube.Bands);
    }

    [Fact]
    public void ValuesThatAreNoNumbersAreRefused()
    {
        using var folder = new TemporaryFolder();
        Cube cube = Cubes.Draw(3, 2, 2);
        cube.Values[5] = float.NaN;
        foreach (string name in new[] { "c.npy", "c.mat", "c.safetensors", "c.hdr" })
        {
            CubeWriter.Write(folder.At(name), cube);
            Assert.Contains(" is not a number; save finite values", ArrayFileTests.Refusal(() => CubeReader.ReadCube(folder.At(name), axis: name == "c.mat" ? BandAxis.Last : BandAxis.First)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("data type = 4", "data type = 6", "data type 6 is not read")]
    [InlineData("interleave = BSQ", "interleave = tile", "interleave tile is not known")]
    [InlineData("samples = 5", "samples = 0", "'samples' is '0' and must be a whole number of 1 or more")]
    [InlineData("samples = 5", "samples = 2000000000", "passes the limit")]
    [InlineData("samples = 5", "", "the field 'samples' is missing")]
    [InlineData("0.65 }", "0.65", "the braces of 'wavelength' are not closed")]
    [InlineData("0.65 }", "}", "it has 2 wavelengths for 3 bands")]
    [InlineData("0.65 }", "0.5 }", "do not ascend")]
    [InlineData("0.65 }", "red }", "the wavelength 'red' is no number")]
    [InlineData("byte order = 0", "byte order = 2", "byte order 2 is not known")]
    [InlineData("ENVI\n", "\n", "does not start with ENVI")]
    public void WrongHeadersOfEnviAreNamed(string good, string bad, string expected)
    {
        string text = File.ReadAllText(Golden.PathOf("bsq_f4.hdr"));
        Assert.Contains(good, text, StringComparison.Ordinal);
        Assert.Contains(expected, ArrayFileTests.Refusal(() => EnviHeader.Parse(text.Replace(good, bad, StringComparison.Ordinal), "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void AHeaderWithoutItsDataIsToldSo()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Golden.PathOf("bsq_f4.hdr"), folder.At("alone.hdr"));
        Assert.Contains("its data file is not beside it; name that alone with no extension or one of .raw", ArrayFileTests.Refusal(() => CubeReader.ReadCube(folder.At("alone.hdr"))), StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptedWriteLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Cube cube = Cubes.Draw(3, 50, 50);
        foreach (string name in new[] { "c.npy", "c.mat", "c.safetensors", "c.hdr" })
            Assert.Throws<OperationCanceledException>(() => CubeWriter.Write(folder.At(name), cube, new CancellationToken(canceled: true)));
        Assert.Throws<ArrayFormatException>(() => CubeWriter.Write(folder.At("c.tif"), cube));
        Assert.Empty(folder.Files);
    }

    private static void Write(string path, int first, int middle, int last)
    {
        using FileStream file = File.Create(path);
        Bitloom.Arrays.Numpy.NpyWriter.Write(file, [first, middle, last], Golden.Ramp(first * middle * last));
    }
}

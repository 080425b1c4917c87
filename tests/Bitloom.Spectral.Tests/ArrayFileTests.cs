using Bitloom.Arrays;
using Bitloom.Arrays.Matlab;
using Bitloom.Arrays.Numpy;

namespace Bitloom.Spectral.Tests;

/// <summary>Arrays as NumPy and MATLAB write them, and what is written read back.</summary>
public class ArrayFileTests
{
    [Theory]
    [InlineData("f4.npy", "F32")]
    [InlineData("f8_big_fortran.npy", "F64")]
    [InlineData("u2_fortran.npy", "U16")]
    [InlineData("i2_big.npy", "I16")]
    [InlineData("u1.npy", "U8")]
    [InlineData("plain.mat", "F64")]
    [InlineData("compressed.mat", "F64")]
    [InlineData("big.mat", "F32")]
    [InlineData("narrow.mat", "F64")]
    public void CubesOfOtherProgramsAreRead(string file, string type)
    {
        NumericArray array = ArrayFile.Read(Golden.PathOf(file), null, rank: 3);
        Assert.Equal([3, 4, 5], array.Shape);
        Assert.Equal(type, array.Type.Name);
        Assert.Equal(Golden.Ramp(60), array.Values);
    }

    [Fact]
    public void PlanesAndShortElementsAreRead()
    {
        Assert.Equal(Golden.Ramp(20), ArrayFile.Read(Golden.PathOf("i4_plane.npy"), null, rank: 2).Values);
        foreach ((string file, string type) in new[] { ("plain.mat", "BOOL"), ("compressed.mat", "BOOL"), ("big.mat", "U16") })
        {
            NumericArray mask = ArrayFile.Read(Golden.PathOf(file), "m", rank: 2);
            Assert.Equal((type, "m"), (mask.Type.Name, mask.Name));
            Assert.Equal([1f, 0f], mask.Values);
        }
    }

    [Fact]
    public void AnArrayIsFoundByNameAndByItsDimensions()
    {
        string two = Golden.PathOf("two_cubes.mat");
        Assert.Equal(Golden.Ramp(60, first: 1), ArrayFile.Read(two, "second", rank: 3).Values);
        Assert.EndsWith("it holds several arrays of 3 dimensions, 'first' [3, 4, 5], 'second' [3, 4, 5]; name the one that you mean", Refusal(() => ArrayFile.Read(two, null, rank: 3)), StringComparison.Ordinal);
        Assert.Contains("it holds nothing called 'third' but 'first'", Refusal(() => ArrayFile.Read(two, "third", rank: 3)), StringComparison.Ordinal);
        Assert.Contains("it holds no array of 2 dimensions but 'first'", Refusal(() => ArrayFile.Read(two, null, rank: 2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complex.npy", "the type '<c8' is not read; save one of f2, f4,")]
    [InlineData("complex.mat", "'cube' [3, 4, 5] is complex; save its real part")]
    [InlineData("i4_plane.npy", "its array has the shape [4, 5], and 3 dimensions are wanted")]
    public void WhatIsNotReadIsNamed(string file, string expected) =>
        Assert.Contains(expected, Refusal(() => ArrayFile.Read(Golden.PathOf(file), null, rank: 3)), StringComparison.Ordinal);

    [Fact]
    public void NewerMatFilesAreRefusedWithWhatToDo()
    {
        byte[] file = [.. "MATLAB 7.3 MAT-file, Platform: GLNXA64"u8, .. new byte[600]];
        Assert.Equal("x: it is a MAT-file of version 7.3 (HDF5), which is not read; save it in MATLAB with save(..., '-v7')", Refusal(() => MatReader.List(new MemoryStream(file), "x")));
        Assert.Contains("HDF5", Refusal(() => MatReader.List(new MemoryStream([0x89, .. "HDF\r\n"u8, .. new byte[600]]), "x")), StringComparison.Ordinal);
        Assert.Contains("no MAT-file of version 5", Refusal(() => MatReader.List(new MemoryStream(new byte[600]), "x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(2, 3, 4)]
    [InlineData(1, 9, 1, 2)]
    [InlineData(40, 300, 100)]
    public void WhatIsWrittenIsReadBackBitForBit(params int[] shape)
    {
        float[] values = [.. Golden.Ramp(shape.Aggregate((a, b) => a * b)).Select(v => MathF.Sin(v) * 1e-3f)];
        using MemoryStream npy = new(), mat = new();
        NpyWriter.Write(npy, shape, values);
        npy.Position = 0;
        NumericArray read = NpyReader.Read(npy, "memory");
        Assert.Equal(shape, read.Shape);
        Assert.Equal(values, read.Values);

        if (shape.Length < 2) return;
        MatWriter.Write(mat, "x", shape, values);
        mat.Position = 0;
        MatVariable variable = MatReader.List(mat, "memory").Single();
        Assert.Equal(("x", "F32"), (variable.Name, variable.Type.Name));
        Assert.Equal(shape, variable.Shape);
        Assert.Equal(values, MatReader.Read(mat, variable, "memory").Values);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }", null)]
    [InlineData("{\"shape\":(1,2),\"fortran_order\":True,\"descr\":\"<f4\"}", null)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} 1", "something follows its end")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "must be True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "must hold whole numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "must give descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "takes 12 bytes, and it holds 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}", "passes the limit")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}", "records of several fields")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "the type '|O' is not read")]
    [InlineData("{'kind': 3}", "'kind' is no key")]
    [InlineData("", "'{' is missing")]
    public void HeadersOfNumpyAreParsedStrictly(string header, string? refusal)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[8]];
        if (refusal is null) Assert.Equal(2, NpyReader.Read(new MemoryStream(file), "x").Values.Length);
        else Assert.Contains(refusal, Refusal(() => NpyReader.Read(new MemoryStream(file), "x")), StringComparison.Ordinal);
    }

    internal static string Refusal(Action read)
    {
        string message = Assert.Throws<ArrayFormatException>(read).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains("; ", message, StringComparison.Ordinal);
        return message;
    }
}

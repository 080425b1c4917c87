using System.Buffers.Binary;
using System.Text;
using Bitloom.Compiler.Tests.Descriptors;
using Bitloom.Import;
using Bitloom.Import.Safetensors;
using Xunit;

namespace Bitloom.Compiler.Tests.Safetensors;

public class SafetensorsTests
{
    [Fact]
    public void WhatIsWrittenIsReadBackBitForBit()
    {
        var random = new SplitMix(3);
        NamedTensor[] tensors = [Tensor("a.weight", random, 2, 3, 5), Tensor("scalar", random), Tensor("none", random, 0, 4), Tensor("long", random, 20000)];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(stream.ToArray()) % 8);
        stream.Position = 0;
        IReadOnlyList<NamedTensor> read = SafetensorsReader.Read(stream, "memory");
        Assert.Equal(tensors.OrderBy(t => t.Name).Select(t => t.ToString()), read.OrderBy(t => t.Name).Select(t => t.ToString()));
        foreach (NamedTensor tensor in tensors)
            Assert.Equal(tensor.Values.Select(BitConverter.SingleToInt32Bits), read.Single(t => t.Name == tensor.Name).Values.Select(BitConverter.SingleToInt32Bits));
    }

    [Theory]
    [InlineData("F32", "000080BF0000003F", -1f, 0.5f)]
    [InlineData("F16", "00BC0038", -1f, 0.5f)]
    [InlineData("BF16", "80BF003F", -1f, 0.5f)]
    [InlineData("F64", "000000000000F0BF000000000000E03F", -1f, 0.5f)]
    [InlineData("I64", "FFFFFFFFFFFFFFFF0700000000000000", -1f, 7f)]
    [InlineData("I32", "FFFFFFFF07000000", -1f, 7f)]
    [InlineData("U8", "FF07", 255f, 7f)]
    [InlineData("BOOL", "0001", 0f, 1f)]
    public void EveryTypeIsConverted(string type, string hex, float first, float second)
    {
        byte[] data = Convert.FromHexString(hex);
        Assert.Equal([first, second], Read(Bytes($$"""{"__metadata__":{"format":"pt"},"x":{"dtype":"{{type}}","shape":[2],"data_offsets":[0,{{data.Length}}] } }""", data)).Single().Values);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[536870912],"data_offsets":[0,2147483648]}}""", "'x'", "do not lie within the file's 8 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "'x'", "do not lie within")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "'x'", "0 or more")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "'x'", "takes 12 bytes, but data_offsets span 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "'x'", "too large")]
    [InlineData("""{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", "'x'", "is not supported; save it as one of F32")]
    [InlineData("""{"x":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", "'x' and 'y'", "overlap")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "'x'", "two tensors")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1]}}""", "'x'", "must give dtype, shape and data_offsets")]
    [InlineData("""{"x":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", "'x'", "short array")]
    [InlineData("""{"x":""", "memory", "not well-formed JSON")]
    [InlineData("[]", "memory", "not a JSON object")]
    public void DamagedFilesAreRefusedWithPlaceAndRemedy(string header, string place, string reason)
    {
        string message = Assert.Throws<ImportException>(() => Read(Bytes(header, new byte[8]))).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void ASmallFileThatClaimsGigabytesCostsNothing()
    {
        byte[] file = Bytes("""{"x":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}""", new byte[900]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImportException>(() => Read(file));
        var header = new byte[1024];
        BinaryPrimitives.WriteInt64LittleEndian(header, 90_000_000);
        Assert.Throws<ImportException>(() => Read(header));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void TruncationsAndRandomChangesGiveOneKindOfException()
    {
        byte[] file = Bytes("""{"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""", new byte[16]);
        for (int length = 0; length < file.Length; length++) Assert.Throws<ImportException>(() => Read(file[..length]));
        for (ulong seed = 0; seed < 5000; seed++)
        {
            var random = new SplitMix(seed);
            byte[] changed = [.. file];
            for (int i = 0; i < 3; i++) changed[random.Below(changed.Length)] = (byte)random.Below(256);
            Exception? error = Record.Exception(() => Read(changed));
            Assert.True(error is null or ImportException, $"seed {seed}: {error}");
        }
    }

    [Fact]
    public void FilesAreWrittenAsAWholeOrNotAtAll()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, "x.safetensors");
        try
        {
            SafetensorsWriter.Write(path, [new NamedTensor("x", [2], [1, 2])]);
            Assert.Throws<ImportException>(() => SafetensorsWriter.Write(path, [new NamedTensor("x", [3], [1, 2])]));
            Assert.Throws<ImportException>(() => SafetensorsWriter.Write(path, [new NamedTensor("x", [1], [1]), new NamedTensor("x", [1], [1])]));
            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Equal([1f, 2f], SafetensorsReader.Read(path).Single().Values);
            Assert.Contains("cannot be read", Assert.Throws<ImportException>(() => SafetensorsReader.Read(path + ".none")).Message, StringComparison.Ordinal);
            Assert.Contains("cannot be written", Assert.Throws<ImportException>(() => SafetensorsWriter.Write(Path.Combine(folder, "no", "x"), [])).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NamedTensor Tensor(string name, SplitMix random, params int[] shape) =>
        new(name, shape.ToEquatableArray(), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.AnyFloat())]);

    private static IReadOnlyList<NamedTensor> Read(byte[] file) => SafetensorsReader.Read(new MemoryStream(file), "memory");

    private static byte[] Bytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}

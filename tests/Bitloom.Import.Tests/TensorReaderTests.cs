using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Tests;

/// <summary>Where and how a file can hold its numbers.</summary>
public sealed class TensorReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bitloom-onnx-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<int, byte[]> RawData => new()
    {
        { 1, [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0] },
        { 10, [0, 0x3E, 0, 0xC0] },
        { 16, [0xC0, 0x3F, 0, 0xC0] },
        { 11, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0] },
    };

    [Theory]
    [MemberData(nameof(RawData))]
    public void Floating_types_in_raw_data(int type, byte[] raw) =>
        Assert.Equal([1.5f, -2f], Floats(new TensorProto { DataType = type, Dims = { 2 }, RawData = ByteString.CopyFrom(raw) }));

    [Fact]
    public void Floating_types_in_typed_fields()
    {
        Assert.Equal([1.5f, -2f], Floats(new TensorProto { DataType = 1, Dims = { 2 }, FloatData = { 1.5f, -2 } }));
        Assert.Equal([1.5f, -2f], Floats(new TensorProto { DataType = 11, Dims = { 2 }, DoubleData = { 1.5, -2 } }));
        Assert.Equal([1.5f, -2f], Floats(new TensorProto { DataType = 10, Dims = { 2 }, Int32Data = { 0x3E00, 0xC000 } }));
    }

    [Theory]
    [InlineData(6, new byte[] { 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, 5, -1)]
    [InlineData(7, new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, 5, int.MaxValue)]
    [InlineData(9, new byte[] { 0, 2 }, 0, 1)]
    [InlineData(3, new byte[] { 1, 0xFF }, 1, -1)]
    public void Whole_types_in_raw_data(int type, byte[] raw, int first, int second)
    {
        OnnxValue value = new TensorReader(new ExternalData(null)).Read(new TensorProto { DataType = type, Dims = { 2 }, RawData = ByteString.CopyFrom(raw) }, "test");
        Assert.Equal([Extent.Constant(first), Extent.Constant(second)], Assert.IsType<IntegerValue>(value).Grid.Items);
    }

    [Fact]
    public void Data_beside_the_model_is_read()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "weights.bin"), [9, 9, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        OnnxImport import = Import("weights.bin", ("offset", "2"), ("length", "8"));
        Assert.Equal([1f, 2f], Assert.IsType<Affine>(Assert.Single(import.Graph.Nodes).Operator).Bias!.Values.ToArray());
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../weights.bin")]
    [InlineData("C:\\weights.bin")]
    public void Data_elsewhere_is_not(string location) => Assert.Contains("not a plain relative name", Refusal(location), StringComparison.Ordinal);

    [Fact]
    public void Missing_short_and_linked_data_is_refused()
    {
        Assert.Contains("cannot be read", Refusal("none.bin"), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "short.bin"), new byte[7]);
        Assert.Contains("is the file complete?", Refusal("short.bin"), StringComparison.Ordinal);
        Assert.Contains("is the file complete?", Refusal("short.bin", ("offset", "9223372036854775807")), StringComparison.Ordinal);
        Assert.Contains("not a number of bytes", Refusal("short.bin", ("offset", "-1")), StringComparison.Ordinal);
        Assert.Contains("external data is 4 bytes", Refusal("short.bin", ("length", "4")), StringComparison.Ordinal);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link.bin"), "/etc/hostname");
        Assert.Contains("behind a link", Refusal("link.bin"), StringComparison.Ordinal);
    }

    private string Refusal(string location, params (string Key, string Value)[] fields) => Assert.Throws<ImportException>(() => Import(location, fields)).Message;

    private OnnxImport Import(string location, params (string Key, string Value)[] fields)
    {
        var model = new OnnxModel(channels: 2);
        string weight = model.Floats([1, 2, 1, 1]), output = model.Node("Add", ["input", weight]);
        TensorProto tensor = model.Proto.Graph.Initializer[0];
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in fields.Prepend(("location", location))) tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        string path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Bytes(output));
        return OnnxImporter.Import(path, new OnnxImportOptions("test"));
    }

    private static float[] Floats(TensorProto tensor) => Assert.IsType<FloatValue>(new TensorReader(new ExternalData(null)).Read(tensor, "test")).Grid.Items;
}

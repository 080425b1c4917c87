using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;
using static Bitloom.Import.Onnx.Protobuf.AttributeProto.Types;

namespace Bitloom.Import.Onnx.Export;

/// <summary>Attributes of ONNX nodes.</summary>
internal static class Attributes
{
    internal static AttributeProto Whole(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    internal static AttributeProto Wholes(string name, params int[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(v => (long)v));
        return attribute;
    }

    internal static AttributeProto Real(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    internal static AttributeProto Text(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    internal static AttributeProto Graph(string name, GraphProto value) => new() { Name = name, G = value, Type = AttributeType.Graph };

    /// <summary>A single-precision value as a tensor of one, for ConstantOfShape.</summary>
    internal static AttributeProto One(string name) =>
        new() { Name = name, T = new TensorProto { DataType = 1, Dims = { 1 }, RawData = ByteString.CopyFrom(BitConverter.GetBytes(1f)) }, Type = AttributeType.Tensor };
}

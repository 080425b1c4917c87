using System.Runtime.InteropServices;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Benchmarks.Duels.Onnx;

/// <summary>
/// Writes full-precision networks as ONNX for the peer: one input of fixed size, and the operators that the peer's networks need.
/// Field numbers are those of onnx.proto3; the operator set is 13.
/// </summary>
internal static class OnnxModel
{
    private const int Float = 1;
    private const int FloatAttribute = 1;
    private const int IntegerAttribute = 2;
    private const int TextAttribute = 3;
    private const int IntegersAttribute = 7;

    /// <summary>The bytes of an ONNX file.</summary>
    /// <exception cref="NotSupportedException">The network has an operator that is not written here.</exception>
    internal static byte[] Write(NetworkGraph network, int height, int width)
    {
        var graph = new ProtobufMessage().Text(2, network.Name);
        foreach (Node node in network.Nodes)
        {
            graph.Message(1, WriteNode(node));
            foreach (FloatTensor weight in node.Operator.FloatWeights) graph.Message(5, WriteTensor(weight));
            if (node.Operator is not Clip clip) continue;
            graph.Message(5, WriteTensor(new FloatTensor(node.Name + ".least", [], [clip.Least])));
            graph.Message(5, WriteTensor(new FloatTensor(node.Name + ".most", [], [clip.Most])));
        }

        GraphInput input = network.Inputs[0];
        graph.Message(11, WriteValue(input.Name, 1, input.Shape.Channels, height, width));
        graph.Message(12, WriteValue(network.Outputs[0].Tensor));
        return new ProtobufMessage().Integer(1, 7).Message(7, graph).Message(8, new ProtobufMessage().Integer(2, 13)).ToArray();
    }

    private static ProtobufMessage WriteNode(Node node) => node.Operator switch
    {
        Conv2d conv => WriteNode(node, "Conv", conv.FloatWeights.Select(w => w.Name))
            .Message(5, Integers("kernel_shape", conv.Weight.Shape[2], conv.Weight.Shape[3]))
            .Message(5, Integers("pads", conv.Window.PadTop, conv.Window.PadLeft, conv.Window.PadBottom, conv.Window.PadRight))
            .Message(5, Integers("strides", conv.Window.StrideY, conv.Window.StrideX))
            .Message(5, Integer("group", conv.Groups)),
        MaxPool pool => WriteNode(node, "MaxPool", [])
            .Message(5, Integers("kernel_shape", pool.Kernel.Rows, pool.Kernel.Columns))
            .Message(5, Integers("pads", pool.Window.PadTop, pool.Window.PadLeft, pool.Window.PadBottom, pool.Window.PadRight))
            .Message(5, Integers("strides", pool.Window.StrideY, pool.Window.StrideX)),
        BatchNorm norm => WriteNode(node, "BatchNormalization", norm.FloatWeights.Select(w => w.Name))
            .Message(5, new ProtobufMessage().Text(1, "epsilon").Single(2, norm.Epsilon).Integer(20, FloatAttribute)),
        GlobalAveragePool => WriteNode(node, "GlobalAveragePool", []),
        Clip => WriteNode(node, "Clip", [node.Name + ".least", node.Name + ".most"]),
        Relu => WriteNode(node, "Relu", []),
        Add => WriteNode(node, "Add", []),
        Subtract => WriteNode(node, "Sub", []),
        PixelShuffle shuffle => WriteNode(node, "DepthToSpace", [])
            .Message(5, Integer("blocksize", shuffle.Factor))
            .Message(5, new ProtobufMessage().Text(1, "mode").Text(4, "CRD").Integer(20, TextAttribute)),
        _ => throw new NotSupportedException($"Node '{node.Name}': {node.Operator.Kind} is not written as ONNX for the peer."),
    };

    private static ProtobufMessage WriteNode(Node node, string kind, IEnumerable<string> weights)
    {
        var message = new ProtobufMessage();
        foreach (string name in node.Inputs.Concat(weights)) message.Text(1, name);
        return message.Text(2, node.Name).Text(3, node.Name).Text(4, kind);
    }

    private static ProtobufMessage Integer(string name, int value) => new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    private static ProtobufMessage Integers(string name, params int[] values)
    {
        var attribute = new ProtobufMessage().Text(1, name);
        foreach (int value in values) attribute.Integer(8, value);
        return attribute.Integer(20, IntegersAttribute);
    }

    private static ProtobufMessage WriteTensor(FloatTensor tensor)
    {
        var message = new ProtobufMessage();
        foreach (int size in tensor.Shape) message.Integer(1, size);
        return message.Integer(2, Float).Text(8, tensor.Name).Bytes(9, MemoryMarshal.AsBytes<float>(tensor.Values.ToArray()));
    }

    // A value without sizes has no shape: ONNX Runtime infers it.
    private static ProtobufMessage WriteValue(string name, params int[] sizes)
    {
        var type = new ProtobufMessage().Integer(1, Float);
        var shape = new ProtobufMessage();
        foreach (int size in sizes) shape.Message(1, new ProtobufMessage().Integer(1, size));
        if (sizes.Length > 0) type.Message(2, shape);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, type));
    }
}

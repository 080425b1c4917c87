using Bitloom.Benchmarks.Duels.Onnx;
using Bitloom.Benchmarks.Networks;

namespace Bitloom.Benchmarks.Tests;

public sealed class OnnxModelTests
{
    [Fact]
    public void Integers_take_seven_bits_a_byte() =>
        Assert.Equal([0x08, 0xAC, 0x02], new ProtobufMessage().Integer(1, 300).ToArray());

    [Fact]
    public void Messages_and_texts_carry_their_length() =>
        Assert.Equal([0x12, 0x04, 0x0A, 0x02, (byte)'h', (byte)'i'], new ProtobufMessage().Message(2, new ProtobufMessage().Text(1, "hi")).ToArray());

    [Fact]
    public void Weights_of_a_network_are_all_written()
    {
        byte[] model = OnnxModel.Write(BenchmarkNetworks.ConvChain(64, 2), 8, 8);
        Assert.InRange(model.Length, 2 * 4 * ((64 * 64 * 9) + 64), (2 * 4 * ((64 * 64 * 9) + 64)) + 1000);
    }

    [Fact]
    public void Binary_networks_are_refused_with_the_node() =>
        Assert.Contains("body.0.move0", Assert.Throws<NotSupportedException>(() => OnnxModel.Write(BenchmarkNetworks.BinaryChain(32, 1), 8, 8)).Message, StringComparison.Ordinal);
}

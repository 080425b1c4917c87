using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Onnx.Export;

/// <summary>A network as an ONNX file.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Nodes">Nodes in it, those of subgraphs included.</param>
/// <param name="Inputs">Names of the file's inputs, in the network's order; mostly the network's own.</param>
/// <param name="Outputs">Names of the file's outputs likewise.</param>
public sealed record OnnxExport(ReadOnlyMemory<byte> Bytes, int Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>A network that ONNX cannot hold. The message is one line: what is wrong and what to do.</summary>
public sealed class ExportException(string message) : Exception(message);

/// <summary>
/// A network to ONNX, operator set 13, stage by stage: network -> <see cref="GateScopes"/> and <see cref="ValueNames"/> ->
/// <see cref="GraphWriter"/>, by a writer for each family of operators -> bytes. The file computes what the network does, sign(0) = +1
/// included; free sizes stay free, as the dimensions <c>height</c> and <c>width</c>. What no output depends on is left out.
/// </summary>
public static class OnnxExporter
{
    // The format's version that came with operator set 13.
    private const int FormatVersion = 7;
    private const int OperatorSet = 13;

    /// <summary>Exports a network as descriptors hold it.</summary>
    /// <exception cref="ExportException">It is not valid, has an operator of a later stage, or is larger than an ONNX file may be.</exception>
    public static OnnxExport Export(NetworkGraph network)
    {
        Outcome<ShapeTable> shapes = ShapeInference.Infer(network);
        if (shapes.Value is null) throw new ExportException($"{network.Name}: {shapes.Diagnostics.First(d => d.IsError).Message}");
        var writer = new GraphWriter(network, shapes.Value);
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "bitloom",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = writer.Write(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        return new OnnxExport(model.ToByteArray(), writer.Nodes, writer.Inputs, writer.Outputs);
    }
}

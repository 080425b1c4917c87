namespace Bitloom.Import.Onnx.Operators;

/// <summary>Turns a family of ONNX operators over images into nodes of the network.</summary>
internal abstract class OperatorConverter
{
    /// <summary>The ONNX operators that this converter takes.</summary>
    internal abstract IReadOnlyList<string> Operators { get; }

    /// <summary>Defines what is known about the node's results, appending nodes as needed.</summary>
    /// <exception cref="ImportException">The node uses a form that is not supported.</exception>
    internal abstract void Convert(OnnxNode node, Conversion conversion);
}

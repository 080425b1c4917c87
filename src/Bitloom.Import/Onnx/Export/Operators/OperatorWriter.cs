namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Writes a family of operators as ONNX nodes.</summary>
internal abstract class OperatorWriter
{
    /// <summary>The records of the operators that this writes.</summary>
    internal abstract IReadOnlyList<Type> Operators { get; }

    /// <summary>Appends the nodes that compute one node of the network.</summary>
    /// <exception cref="ExportException">ONNX has no form for it.</exception>
    internal abstract void Write(NodeDraft draft);
}

using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>All writers. A new family is one file in this folder and one line here.</summary>
internal static class WriterTable
{
    private static readonly OperatorWriter[] Writers =
    [
        new ConvolutionWriter(),
        new ElementwiseWriter(),
        new ActivationWriter(),
        new NormalizationWriter(),
        new PoolingWriter(),
        new BorderWriter(),
        new ShiftWriter(),
        new RearrangementWriter(),
        new ResizeWriter(),
        new ChoiceWriter(),
        new GateWriter(),
    ];

    private static readonly Dictionary<Type, OperatorWriter> ByOperator =
        Writers.SelectMany(w => w.Operators.Select(o => (o, w))).ToDictionary(p => p.o, p => p.w);

    /// <summary>Every operator that can be exported.</summary>
    internal static IEnumerable<Type> Supported => ByOperator.Keys;

    /// <summary>The writer of a node.</summary>
    /// <exception cref="ExportException">No writer takes it: the compiler made it from others.</exception>
    internal static OperatorWriter Find(Node node) => ByOperator.GetValueOrDefault(node.Operator.GetType())
        ?? throw new ExportException($"node '{node.Name}' ({node.Operator.Kind}): this operator has no form in ONNX; export the network before the compiler's passes");
}

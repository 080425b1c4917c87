using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Says which nodes of a lowered graph no kernel computes, and what to use instead.</summary>
internal static class SupportedForms
{
    // Twice the largest count must fit a signed 16-bit word.
    private const int MostTaps = 16000;

    internal static BloomDiagnostic? Refuse(GraphEditor graph, Node node) => node.Operator switch
    {
        BinaryConv2d conv when !ConvKernels.KeepsSize(conv.Weight.Shape, conv.Window) => Padding(node, conv.Weight.Shape),
        BinaryConv2d conv when conv.Weight.BitsPerOutput > MostTaps =>
            BloomRules.LimitExceeded.At(node.Location, $"'{node.Name}' sums {conv.Weight.BitsPerOutput} signs for one output; at most {MostTaps} are supported: use groups or fewer channels"),
        BinaryConv2d when !IsSigns(graph, node.Inputs[0]) =>
            BloomRules.UnsupportedForm.At(node.Location, $"'{node.Name}' reads '{node.Inputs[0]}', which is not a Sign: put a Sign before it"),
        Sign when graph.ReadersOf(node.Name).FirstOrDefault(r => r.Operator is not BinaryConv2d && !IsSigns(graph, r.Name)) is { } reader =>
            BloomRules.UnsupportedForm.At(node.Location, $"'{node.Name}' is read by '{reader.Name}': signs feed binary convolutions only"),
        BatchNorm or RPRelu or Scale => BloomRules.InternalError.At(node.Location, $"'{node.Name}' ({node.Operator.Kind}) was left by the passes: please report this"),
        _ => null,
    };

    // Bits, as a kernel stores them or as part or whole of what kernels store.
    private static bool IsSigns(GraphEditor graph, string tensor) => graph.MakerOf(tensor) is { } maker
        && (maker.Operator is Sign || (maker.Operator is Concat or SelectChannels && maker.Inputs.All(i => graph.MakerOf(i)?.Operator is Sign)));

    /// <summary>Sizes of inputs are what a session is created with.</summary>
    internal static IEnumerable<BloomDiagnostic> RefuseInputs(NetworkGraph graph) =>
        graph.Inputs.Where(i => !IsFree(i.Shape.Height, "height") || !IsFree(i.Shape.Width, "width"))
            .Select(i => BloomRules.UnsupportedForm.At(i.Location, $"input '{i.Name}' is {i.Shape}: a height is a number or 'height', a width a number or 'width'"));

    private static bool IsFree(Extent extent, string symbol) => extent is ConstantExtent || (extent is SymbolExtent free && free.Name == symbol);

    internal static IEnumerable<BloomDiagnostic> RefuseOutputs(GraphEditor graph) =>
        graph.Graph.Outputs.Where(o => graph.MakerOf(o.Tensor)?.Operator is Sign)
            .Select(o => BloomRules.UnsupportedForm.At(o.Location, $"output '{o.Name}' is a Sign: return the tensor before it"));

    private static BloomDiagnostic Padding(Node node, EquatableArray<int> kernel) =>
        BloomRules.UnsupportedForm.At(node.Location, $"'{node.Name}' pads more than its {kernel[2]} x {kernel[3]} kernel reaches over: use at most kernel - 1 rows and columns in all");
}

using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>
/// Gate as If inside If, halving the branches each time, so that only the chosen one runs:
/// <code>
///   index = ArgMax(scores)
///   If(index &lt; 2) then If(index &lt; 1) then branch 0 else branch 1
///                  else branch 2
/// </code>
/// </summary>
internal sealed class GateWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(Gate)];

    internal override void Write(NodeDraft draft)
    {
        int branches = ((Gate)draft.Node.Operator).Branches.Count;
        string index = draft.Inner("index", "ArgMax", [draft.Input()], Attributes.Whole("axis", 1), Attributes.Whole("keepdims", 0), Attributes.Whole("select_last_index", 0));
        int middle = (branches + 1) / 2;
        draft.Result("If", [IsBelow(draft, index, middle)], Arms(draft, index, 0, middle, branches));
    }

    private static string IsBelow(NodeDraft draft, string index, int middle) => draft.Inner("choice", "Less", [index, draft.Constants.Whole(middle)]);

    private static AttributeProto[] Arms(NodeDraft draft, string index, int first, int middle, int end) =>
        [Attributes.Graph("then_branch", Part(draft, index, first, middle)), Attributes.Graph("else_branch", Part(draft, index, middle, end))];

    private static GraphProto Part(NodeDraft draft, string index, int first, int end)
    {
        if (end - first == 1) return draft.Branch(first);
        GraphProto part = draft.Subgraph("part");
        NodeDraft inside = draft.In(part);
        int middle = (first + end + 1) / 2;
        inside.Return(inside.Inner("chosen", "If", [IsBelow(inside, index, middle)], Arms(inside, index, first, middle, end)), shapeOfInput: 1);
        return part;
    }
}

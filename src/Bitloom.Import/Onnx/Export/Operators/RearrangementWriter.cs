using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Operators that move or repeat channels.</summary>
internal sealed class RearrangementWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(PixelShuffle), typeof(SelectChannels), typeof(Concat)];

    internal override void Write(NodeDraft draft)
    {
        switch (draft.Node.Operator)
        {
            case PixelShuffle shuffle:
                draft.Result("DepthToSpace", [draft.Input()], Attributes.Whole("blocksize", shuffle.Factor), Attributes.Text("mode", "CRD"));
                break;
            case SelectChannels select:
                draft.Result("Gather", [draft.Input(), draft.Constants.Wholes([.. select.Channels.Select(c => (long)c)])], Attributes.Whole("axis", 1));
                break;
            default:
                draft.Result("Concat", draft.Inputs(), Attributes.Whole("axis", 1));
                break;
        }
    }
}

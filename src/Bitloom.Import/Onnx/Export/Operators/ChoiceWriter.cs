using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>ArgMax, whose whole numbers become single precision as everything else is, and Softmax.</summary>
internal sealed class ChoiceWriter : OperatorWriter
{
    private const int Float = 1;

    internal override IReadOnlyList<Type> Operators => [typeof(ArgMax), typeof(Softmax)];

    internal override void Write(NodeDraft draft)
    {
        if (draft.Node.Operator is Softmax)
        {
            draft.Result("Softmax", [draft.Input()], Attributes.Whole("axis", 1));
            return;
        }

        string index = draft.Inner("index", "ArgMax", [draft.Input()], Attributes.Whole("axis", 1), Attributes.Whole("keepdims", 1), Attributes.Whole("select_last_index", 0));
        draft.Result("Cast", [index], Attributes.Whole("to", Float));
    }
}

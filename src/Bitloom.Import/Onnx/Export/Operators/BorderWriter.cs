using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Operators that add or remove rows and columns; where the number follows from the image's size, it is computed from its Shape.</summary>
internal sealed class BorderWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(Pad), typeof(PadToMultiple), typeof(Crop), typeof(CropLike)];

    internal override void Write(NodeDraft draft)
    {
        switch (draft.Node.Operator)
        {
            case Pad pad:
                draft.Result("Pad", [draft.Input(), draft.Constants.Wholes(0, 0, pad.Top, pad.Left, 0, 0, pad.Bottom, pad.Right)], Mode(pad.Mode));
                break;
            case PadToMultiple pad:
                WritePadToMultiple(draft, pad);
                break;
            case Crop crop:
                Slice(draft, draft.Constants.Wholes(crop.Top, crop.Left), draft.Constants.Wholes(End(crop.Bottom), End(crop.Right)));
                break;
            default:
                Slice(draft, draft.Constants.Wholes(0, 0), Size(draft, draft.Input(1)));
                break;
        }
    }

    // What is missing to the next multiple is -size mod multiple; ONNX's Mod has the sign of the divisor.
    private static void WritePadToMultiple(NodeDraft draft, PadToMultiple pad)
    {
        string negative = draft.Inner("negative", "Neg", [Size(draft, draft.Input())]);
        string missing = draft.Inner("missing", "Mod", [negative, draft.Constants.Wholes(pad.Multiple.Rows, pad.Multiple.Columns)]);
        string pads = draft.Inner("pads", "Concat", [draft.Constants.Wholes(0, 0, 0, 0, 0, 0), missing], Attributes.Whole("axis", 0));
        draft.Result("Pad", [draft.Input(), pads], Mode(pad.Mode));
    }

    /// <summary>Height and width of a value, as a vector.</summary>
    private static string Size(NodeDraft draft, string value) =>
        draft.Inner("size", "Slice", [draft.Inner("shape", "Shape", [value]), draft.Constants.Wholes(2), draft.Constants.Wholes(4)]);

    private static void Slice(NodeDraft draft, string starts, string ends) =>
        draft.Result("Slice", [draft.Input(), starts, ends, draft.Constants.Wholes(2, 3)]);

    private static long End(int cut) => cut == 0 ? long.MaxValue : -cut;

    private static Protobuf.AttributeProto Mode(PadMode mode) => Attributes.Text("mode", mode == PadMode.Reflect ? "reflect" : "constant");
}

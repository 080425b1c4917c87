using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>
/// Shift. Where all channels move alike, rows and columns of zeros are added on one side and as many cut off on the other; else a
/// convolution of every channel by itself, with a single 1 at the offset, as GhostSR has trained it.
/// </summary>
internal sealed class ShiftWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(Shift)];

    internal override void Write(NodeDraft draft)
    {
        var shift = (Shift)draft.Node.Operator;
        (int Rows, int Columns)[] offsets = [.. Enumerable.Range(0, draft.InputShape().Channels).Select(shift.Of)];
        if (Array.TrueForAll(offsets, o => o == offsets[0])) WriteUniform(draft, offsets[0].Rows, offsets[0].Columns);
        else WriteOneHot(draft, offsets);
    }

    private static void WriteUniform(NodeDraft draft, int rows, int columns)
    {
        string pads = draft.Constants.Wholes(0, 0, Math.Max(-rows, 0), Math.Max(-columns, 0), 0, 0, Math.Max(rows, 0), Math.Max(columns, 0));
        string padded = draft.Inner("padded", "Pad", [draft.Input(), pads], Attributes.Text("mode", "constant"));
        string starts = draft.Constants.Wholes(Math.Max(rows, 0), Math.Max(columns, 0)), ends = draft.Constants.Wholes(End(rows), End(columns));
        draft.Result("Slice", [padded, starts, ends, draft.Constants.Wholes(2, 3)]);

        static long End(int offset) => offset < 0 ? offset : long.MaxValue;
    }

    private static void WriteOneHot(NodeDraft draft, (int Rows, int Columns)[] offsets)
    {
        int top = Math.Max(0, -offsets.Min(o => o.Rows)), bottom = Math.Max(0, offsets.Max(o => o.Rows));
        int left = Math.Max(0, -offsets.Min(o => o.Columns)), right = Math.Max(0, offsets.Max(o => o.Columns));
        int height = top + bottom + 1, width = left + right + 1, plane = height * width;
        string kernel = draft.Constants.Made(
            $"{draft.Node.Name}.weight", [offsets.Length, 1, height, width], (long)offsets.Length * plane,
            i => i % plane == ((offsets[i / plane].Rows + top) * width) + offsets[i / plane].Columns + left ? 1 : 0);
        var window = new Window(PadTop: top, PadLeft: left, PadBottom: bottom, PadRight: right);
        draft.Result("Conv", [draft.Input(), kernel], ConvolutionWriter.Form([offsets.Length, 1, height, width], window, offsets.Length));
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>
/// Finds shifts that are written as zeros added on one side and as much cut off on the other.
/// <code>
///   before   Pad(top, left, bottom, right, zeros) -> Crop of as many rows and columns in all, elsewhere
///   after    Shift(cut above - top, cut left - left)
/// </code>
/// </summary>
internal static class JoinPadAndCrop
{
    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new NetworkEditor(graph);
        Dictionary<string, Node> pads = graph.Nodes.Where(n => n.Operator is Pad { Mode: PadMode.Zero }).ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (Node crop in graph.Nodes)
        {
            if (crop.Operator is not Crop cut || !pads.TryGetValue(crop.Inputs[0], out Node? padded) || padded.Operator is not Pad pad) continue;
            (int rows, int columns) = (cut.Top - pad.Top, cut.Left - pad.Left);
            bool keepsSize = cut.Top + cut.Bottom == pad.Top + pad.Bottom && cut.Left + cut.Right == pad.Left + pad.Right;
            if (!keepsSize || Math.Max(Math.Abs(rows), Math.Abs(columns)) > Shift.Farthest) continue;

            // Several shifts may be cut from one padded image, which goes when the last reader does.
            editor.Join(crop with { Operator = new Shift([rows], [columns]), Inputs = padded.Inputs });
        }

        return editor.FinishWithoutUnread();
    }
}

using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// <code>
/// before:  x -> Conv2d(w, b), 3 x 3, stride 1, same size, one group
/// after:   x -> WinogradConv2d(w) -> Affine(bias: b)
/// </code>
/// where there are enough channels on both sides to pay for the transforms: of an input channel they cost about as much as 8 outputs
/// save. The transformed rows of all input channels are scratch memory of each thread: up to about 256 channels they stay in a second-level
/// cache, beyond they come from the third, 18 multiplications for a value, which is still faster than twice as many. Images of a fixed size
/// must fill the strips of four rows, and the runs of 64 pixels that these are cut into, to more than half, or have enough patches for
/// two dimensions (<see cref="PatchLayout"/>).
/// </summary>
internal static class ChooseWinogradPass
{
    private const int LeastChannels = 16;
    private const int MostInputs = 1024;

    // StripPiece.StripRows and StripPiece.RunPixels of the runtime.
    private const int StripRows = 4;
    private const int RunPixels = 64;

    internal static NetworkGraph Run(NetworkGraph graph)
    {
        var editor = new GraphEditor(graph);
        return editor.With(graph.Nodes.SelectMany(n => n.Operator is Conv2d conv && Pays(conv) && (FillsRuns(editor.Shapes[n.Name]) || PatchLayout.For(conv.Weight, editor.Shapes[n.Name]) is not null) ? Split(n, conv) : [n]));
    }

    private static bool FillsRuns(TensorShape shape)
    {
        if (shape.Height is not ConstantExtent height || shape.Width is not ConstantExtent width) return true;
        long strips = (height.Value + StripRows - 1) / StripRows, runs = ((strips * (width.Value + 1)) - 1 + RunPixels - 1) / RunPixels;
        return 2L * height.Value * width.Value > runs * RunPixels * StripRows;
    }

    private static bool Pays(Conv2d conv) =>
        conv.Weight.Shape[2] == 3 && conv.Weight.Shape[3] == 3 && conv.Groups == 1 && conv.Window == Window.Padded(1)
        && conv.Weight.Shape[0] >= LeastChannels && conv.Weight.Shape[1] >= LeastChannels && conv.Weight.Shape[1] <= MostInputs;

    private static Node[] Split(Node node, Conv2d conv)
    {
        var winograd = new WinogradConv2d(conv.Weight);
        if (conv.Bias is null) return [node with { Operator = winograd }];
        Node sums = GraphEditor.Before(node, ".sums", winograd, node.Inputs[0]);
        return [sums, GraphEditor.Replace(node, new Affine(null, conv.Bias), sums.Name)];
    }
}

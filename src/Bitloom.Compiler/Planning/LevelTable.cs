using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>The spatial sizes of a graph and the padding that convolutions need around each.</summary>
internal sealed class LevelTable
{
    private readonly List<Level> _levels = [];

    internal EquatableArray<Level> Levels => _levels.ToEquatableArray();

    /// <summary>Levels in the order in which tensors use them.</summary>
    internal static LevelTable Of(GraphEditor graph)
    {
        var table = new LevelTable();
        foreach (GraphInput input in graph.Graph.Inputs) table.Require(input.Shape, 0, 0);
        foreach (Node node in graph.Graph.Nodes)
        {
            if (node.Operator is Conv2d conv) table.Require(graph.Shapes[node.Inputs[0]], conv.Window);
            if (node.Operator is BinaryConv2d binary) table.Require(graph.Shapes[node.Inputs[0]], binary.Window);

            // Rows outside the image are not read. A gap keeps equal pixels of neighbouring rows out of the same cache set.
            if (node.Operator is WinogradConv2d winograd) table.Require(graph.Shapes[node.Inputs[0]], 0, Math.Max(1, winograd.Ghosts?.MostColumns ?? 0));
            if (GhostReads.AreInPlace(graph, node)) table.Require(graph.Shapes[node.Name], ((ShiftedChannels)node.Operator).MostRows, ((ShiftedChannels)node.Operator).MostColumns);
            table.Require(graph.Shapes[node.Name], 0, 0);
        }

        return table;
    }

    /// <summary>Index of a shape's level.</summary>
    internal int IndexOf(TensorShape shape) => _levels.FindIndex(l => l.Height == shape.Height && l.Width == shape.Width);

    private void Require(TensorShape shape, Window window) =>
        Require(shape, Math.Max(window.PadTop, window.PadBottom), Math.Max(window.PadLeft, window.PadRight));

    private void Require(TensorShape shape, int padY, int padX)
    {
        int index = IndexOf(shape);
        if (index < 0) _levels.Add(new Level(_levels.Count, shape.Height, shape.Width, padY, padX));
        else _levels[index] = _levels[index] with { PadY = Math.Max(_levels[index].PadY, padY), PadX = Math.Max(_levels[index].PadX, padX) };
    }
}

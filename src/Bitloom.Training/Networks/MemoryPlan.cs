using Bitloom.Training.Layers;

namespace Bitloom.Training.Networks;

/// <summary>
/// Places the values and gradients of one image in an arena. A value lives from its layer until its last reader, which may be a backward
/// pass; a gradient from its first writer until the backward pass of its layer. Of L layers, layer i runs forward at time i + 1, the loss
/// at L + 1, and layer i backward at 2 L + 1 - i. What does not live at the same time may stand in the same place.
/// </summary>
internal static class MemoryPlan
{
    // Tensors of equal size would start at equal places of their pages, which loads and stores of several of them cannot stand.
    private const int Skew = 80;

    /// <summary>Sets the offsets of all tensors; returns the floats of the arena.</summary>
    /// <param name="tensors">All tensors, inputs first.</param>
    /// <param name="layers">The layers in order.</param>
    /// <param name="output">What the loss reads.</param>
    /// <param name="keepsInputGradients">True where gradients of inputs are read after the run.</param>
    internal static long Place(IReadOnlyList<TensorSlot> tensors, IReadOnlyList<Layer> layers, TensorSlot output, bool keepsInputGradients)
    {
        int count = layers.Count, loss = count + 1, end = (2 * count) + 2;
        int Forward(int layer) => layer + 1;
        int Backward(int layer) => (2 * count) + 1 - layer;

        var blocks = new List<Block>();
        foreach (TensorSlot tensor in tensors)
        {
            int maker = IndexOf(layers, l => l.Output == tensor);
            int[] readers = [.. Enumerable.Range(0, count).Where(i => layers[i].Inputs.Contains(tensor))];
            int birth = maker < 0 ? 0 : Forward(maker), death = birth;
            foreach (int reader in readers)
                death = Math.Max(death, layers[reader].ReadsInputs && layers[reader].Output.NeedsGradient ? Backward(reader) : Forward(reader));
            if (tensor == output) death = Math.Max(death, loss);
            if (maker >= 0 && layers[maker].ReadsOutput && tensor.NeedsGradient) death = Backward(maker);
            blocks.Add(new Block(tensor, false, birth, death));

            if (!tensor.NeedsGradient) continue;
            int written = tensor == output || readers.Length == 0 ? loss : Backward(readers[^1]);
            blocks.Add(new Block(tensor, true, written, maker >= 0 ? Backward(maker) : keepsInputGradients ? end : written));
        }

        return Place(blocks);
    }

    // The largest first, each at the lowest place that is free for all of its life.
    private static long Place(List<Block> blocks)
    {
        var placed = new List<(Block Block, long Start, long End)>();
        long size = 0;
        foreach (Block block in blocks.OrderByDescending(b => b.Tensor.Count).ThenBy(b => b.Birth))
        {
            long length = ((block.Tensor.Count + 15L) / 16 * 16) + Skew, start = 0;
            foreach ((_, long from, long to) in placed.Where(p => p.Block.Birth <= block.Death && block.Birth <= p.Block.Death).OrderBy(p => p.Start))
            {
                if (start + length <= from) break;
                start = Math.Max(start, to);
            }

            placed.Add((block, start, start + length));
            size = Math.Max(size, start + length);
            if (block.IsGradient) block.Tensor.Gradient = start;
            else block.Tensor.Value = start;
        }

        return size;
    }

    private static int IndexOf(IReadOnlyList<Layer> layers, Func<Layer, bool> condition)
    {
        for (int i = 0; i < layers.Count; i++)
            if (condition(layers[i])) return i;
        return -1;
    }

    private sealed record Block(TensorSlot Tensor, bool IsGradient, int Birth, int Death);
}

namespace Bitloom.Runtime.Kernels;

/// <summary>Brings fp32 convolution weights into the order in which a tiled kernel reads them.</summary>
public static unsafe class ConvWeights
{
    /// <summary>
    /// Blocks of output channels outermost, then input channel and tap, then the output channels of the block. The output channels
    /// of a group are divided into as few blocks of at most <paramref name="tile"/> as possible, larger ones first, sizes differing by at most 1.
    /// </summary>
    /// <param name="source">Outputs x taps, row-major.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="taps">Weights of one output channel.</param>
    /// <param name="groups">Groups of the convolution.</param>
    /// <param name="tile">Output channels of a tile at most.</param>
    /// <param name="target">As many values as <paramref name="source"/>.</param>
    public static void Reorder(ReadOnlySpan<float> source, int outputs, int taps, int groups, int tile, float* target)
    {
        int perGroup = outputs / groups, blocks = (perGroup + tile - 1) / tile;
        int output = 0;
        for (int group = 0; group < groups; group++)
            for (int block = 0; block < blocks; block++)
            {
                int size = (perGroup / blocks) + (block < perGroup % blocks ? 1 : 0);
                for (int tap = 0; tap < taps; tap++)
                    for (int o = 0; o < size; o++) *target++ = source[((output + o) * taps) + tap];
                output += size;
            }
    }
}

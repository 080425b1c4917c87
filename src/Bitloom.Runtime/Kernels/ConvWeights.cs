namespace Bitloom.Runtime.Kernels;

/// <summary>Brings fp32 convolution weights into the order in which a tiled kernel reads them.</summary>
public static unsafe class ConvWeights
{
    /// <summary>
    /// Blocks of output channels outermost, then input channel and tap, then the output channels of the block. The output channels
    /// of a group, in units of <paramref name="unit"/>, are divided into as few blocks of at most <paramref name="tile"/> units as possible,
    /// larger ones first, sizes differing by at most one unit. A last unit that is not full is filled up with zeros.
    /// </summary>
    /// <param name="source">Outputs x taps, row-major.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="taps">Weights of one output channel.</param>
    /// <param name="groups">Groups of the convolution.</param>
    /// <param name="tile">Units of a tile at most.</param>
    /// <param name="unit">Output channels that stay together: 1, or the lanes of a vector.</param>
    /// <param name="target"><see cref="TiledCount"/> values.</param>
    public static void Reorder(ReadOnlySpan<float> source, int outputs, int taps, int groups, int tile, int unit, float* target)
    {
        int perGroup = outputs / groups, units = (perGroup + unit - 1) / unit, blocks = (units + tile - 1) / tile;
        for (int group = 0; group < groups; group++)
        {
            int output = group * perGroup, end = output + perGroup;
            for (int block = 0; block < blocks; block++)
            {
                int size = ((units / blocks) + (block < units % blocks ? 1 : 0)) * unit;
                for (int tap = 0; tap < taps; tap++)
                    for (int o = output; o < output + size; o++) *target++ = o < end ? source[(o * taps) + tap] : 0;
                output += size;
            }
        }
    }

    /// <summary>Values that <see cref="Reorder"/> writes.</summary>
    public static long TiledCount(int outputs, int taps, int groups, int unit) => (long)groups * (((outputs / groups) + unit - 1) / unit) * unit * taps;

    /// <summary>
    /// Weights of Winograd's F(4, 3) along columns, G g of Lavin and Gray: for every block of outputs six 1 x 3 kernels, each in the
    /// order of a tile. Computed in double precision, rounded once.
    /// </summary>
    /// <param name="source">Outputs x inputs x 3 x 3.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="tile">Output channels of a tile at most.</param>
    /// <param name="target">Twice as many values as <paramref name="source"/>.</param>
    public static void Winograd(ReadOnlySpan<float> source, int outputs, int inputs, int tile, float* target)
    {
        int blocks = (outputs + tile - 1) / tile, first = 0;
        for (int block = 0; block < blocks; block++)
        {
            int size = (outputs / blocks) + (block < outputs % blocks ? 1 : 0);
            for (int part = 0; part < 6; part++)
                for (int tap = 0; tap < inputs * 3; tap++)
                    for (int output = first; output < first + size; output++)
                    {
                        ReadOnlySpan<float> kernel = source.Slice(((output * inputs) + (tap / 3)) * 9, 9);
                        *target++ = (float)Combine(part, kernel[tap % 3], kernel[3 + (tap % 3)], kernel[6 + (tap % 3)]);
                    }

            first += size;
        }
    }

    private static double Combine(int part, double top, double middle, double bottom) => part switch
    {
        0 => top / 4,
        1 => -(top + middle + bottom) / 6,
        2 => -(top - middle + bottom) / 6,
        3 => (top / 24) + (middle / 12) + (bottom / 6),
        4 => (top / 24) - (middle / 12) + (bottom / 6),
        _ => bottom,
    };
}

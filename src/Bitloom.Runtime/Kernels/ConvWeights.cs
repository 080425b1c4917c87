namespace Bitloom.Runtime.Kernels;

/// <summary>Brings fp32 convolution weights into the order in which a tiled kernel reads them.</summary>
public static unsafe class ConvWeights
{
    /// <summary>
    /// Slices of input channels and taps outermost, then blocks of output channels, then input channel and tap, then the output channels of
    /// the block. The output channels of a group, in units of <paramref name="unit"/>, are divided into as few blocks of at most <paramref name="tile"/> units as possible,
    /// larger ones first, sizes differing by at most one unit. A last unit that is not full is filled up with zeros.
    /// </summary>
    /// <param name="source">Outputs x taps, row-major.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="taps">Weights of one output channel.</param>
    /// <param name="groups">Groups of the convolution.</param>
    /// <param name="tile">Units of a tile at most.</param>
    /// <param name="unit">Output channels that stay together: 1, or the lanes of a vector.</param>
    /// <param name="slice">Taps that a kernel adds up before it goes on with the next; all blocks of one slice lie before those of the next.</param>
    /// <param name="target"><see cref="TiledCount"/> values.</param>
    public static void Reorder(ReadOnlySpan<float> source, int outputs, int taps, int groups, int tile, int unit, int slice, float* target)
    {
        int perGroup = outputs / groups, units = (perGroup + unit - 1) / unit, blocks = (units + tile - 1) / tile;
        for (int group = 0; group < groups; group++)
            for (int first = 0; first < taps; first += slice)
            {
                int output = group * perGroup, end = output + perGroup;
                for (int block = 0; block < blocks; block++)
                {
                    int size = UnitsOf(block, blocks, units) * unit;
                    for (int tap = first; tap < Math.Min(first + slice, taps); tap++)
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
            int size = UnitsOf(block, blocks, outputs);
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

    /// <summary>
    /// Weights of Winograd's F(4 x 4, 3 x 3), G g G^T of Lavin and Gray: blocks of output channels as <see cref="Reorder"/> makes them, of
    /// each 36 matrices of input channels x the outputs of the block. Computed in double precision, rounded once.
    /// </summary>
    /// <param name="source">Outputs x inputs x 3 x 3.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="tile">Units of a tile at most.</param>
    /// <param name="unit">The lanes of a vector.</param>
    /// <param name="target"><see cref="TiledCount"/> values for 36 weights of an input; zeros.</param>
    public static void WinogradPatches(ReadOnlySpan<float> source, int outputs, int inputs, int tile, int unit, float* target)
    {
        int units = (outputs + unit - 1) / unit, blocks = (units + tile - 1) / tile, first = 0;
        for (int block = 0; block < blocks; block++)
        {
            int size = UnitsOf(block, blocks, units) * unit;
            for (int output = first; output < Math.Min(first + size, outputs); output++)
                for (int input = 0; input < inputs; input++)
                    CombinePatch(source.Slice(((output * inputs) + input) * 9, 9), target + ((nint)input * size) + output - first, (nint)inputs * size);
            target += 36 * (nint)inputs * size;
            first += size;
        }
    }

    // Larger blocks first, sizes differing by at most one.
    private static int UnitsOf(int block, int blocks, int units) => (units / blocks) + (block < units % blocks ? 1 : 0);

    private static void CombinePatch(ReadOnlySpan<float> kernel, float* target, nint stride)
    {
        for (int column = 0; column < 6; column++)
        {
            double top = Combine(column, kernel[0], kernel[1], kernel[2]), middle = Combine(column, kernel[3], kernel[4], kernel[5]), bottom = Combine(column, kernel[6], kernel[7], kernel[8]);
            for (int row = 0; row < 6; row++) target[((row * 6) + column) * stride] = (float)Combine(row, top, middle, bottom);
        }
    }

    // Points of the interpolation: 0, near and far with both signs, infinity.
    private static double Combine(int part, double top, double middle, double bottom)
    {
        const double near = 0.625, far = 1.5, difference = (near * near) - (far * far);
        static double At(double point, double top, double middle, double bottom) => (top + (point * middle) + (point * point * bottom)) / (2 * point * point);
        return part switch
        {
            0 => top / (near * near * far * far),
            1 => At(near, top, middle, bottom) / difference,
            2 => At(-near, top, middle, bottom) / difference,
            3 => -At(far, top, middle, bottom) / difference,
            4 => -At(-far, top, middle, bottom) / difference,
            _ => bottom,
        };
    }
}

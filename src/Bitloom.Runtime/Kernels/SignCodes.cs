namespace Bitloom.Runtime.Kernels;

/// <summary>
/// Convolutions of few signs a tap by table: the signs of up to four channels at one pixel are a code of four bits, and what a tap adds to
/// an output is an entry of a table of 16, looked up for as many pixels as a vector has bytes. The code of a pixel outside the image has its
/// highest bit set, for which a lookup gives 0: zero padding needs no correction.
/// </summary>
public static unsafe class SignCodes
{
    /// <summary>Blocks that are coded together: their codes stay in the first-level cache while all outputs of a group read them.</summary>
    public const int ChunkBlocks = 16;

    /// <summary>The code of a pixel outside the image.</summary>
    public const byte Outside = 0x80;

    /// <summary>Codes of a table.</summary>
    public const int TableEntries = 16;

    /// <summary>Blocks before and after a block that its windows reach into.</summary>
    /// <param name="geometry">The plane.</param>
    /// <param name="reachY">Rows that a window reaches above or below its pixel, at most.</param>
    /// <param name="reachX">Pixels that it reaches left or right, at most.</param>
    public static int HaloBlocks(PlaneGeometry geometry, int reachY, int reachX) =>
        ((reachY * geometry.Pitch) + reachX + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels;

    /// <summary>Bytes of the codes of a chunk and of the blocks around it.</summary>
    public static long Bytes(PlaneGeometry geometry, int reachY, int reachX) =>
        (ChunkBlocks + (2L * HaloBlocks(geometry, reachY, reachX))) * PlaneGeometry.BlockPixels;

    /// <summary>
    /// Writes the tables of all outputs and taps, 16 bytes each: the sum of the products of signs and weights, halved where the number of
    /// channels is even, so that it is whole.
    /// </summary>
    /// <param name="packed">Output channels x whole 64-bit little-endian words; bit 1 is +1.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Input channels of one output, no more than 4.</param>
    /// <param name="window">Taps of the kernel.</param>
    /// <param name="tables">Outputs x taps x 16.</param>
    public static void ExpandTables(ReadOnlySpan<byte> packed, int outputs, int channels, int window, sbyte* tables)
    {
        int wordBytes = ((channels * window) + 63) / 64 * 8;
        for (int output = 0; output < outputs; output++)
            for (int tap = 0; tap < window; tap++)
                for (int code = 0; code < TableEntries; code++)
                {
                    int sum = 0;
                    for (int channel = 0; channel < channels; channel++)
                    {
                        int index = (channel * window) + tap;
                        int weight = (packed[(output * wordBytes) + (index >> 3)] >> (index & 7)) & 1;
                        sum += weight == ((code >> channel) & 1) ? 1 : -1;
                    }

                    *tables++ = (sbyte)(channels % 2 == 0 ? sum / 2 : sum);
                }
    }
}

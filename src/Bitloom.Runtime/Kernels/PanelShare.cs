namespace Bitloom.Runtime.Kernels;

/// <summary>
/// What one thread does of a convolution over panels: rows of the image for all tiles of output channels or, where that costs less, some
/// of the tiles for all rows. Rows come in blocks whose panel stays in the second-level cache.
/// </summary>
public readonly ref struct PanelShare
{
    // Costs in multiplications. A value that is packed was often written by another thread.
    private const int PackCost = 40;

    // Finishing a plane, however few of its rows: threads that share rows write into the same few lines of cache.
    private const int PlaneCost = 5000;

    // Floats between the ends of one row of a panel and the next: what vectors write beyond it.
    private const int Slack = 16;

    /// <summary>Finds a thread's share.</summary>
    /// <param name="geometry">Geometry of the result.</param>
    /// <param name="mostPixels">Pixels of a block at most, unless one row has more.</param>
    /// <param name="tiles">Tiles of output channels.</param>
    /// <param name="tileOutputs">Output channels of a tile at most.</param>
    /// <param name="terms">Multiplications for a pixel of one output channel.</param>
    /// <param name="reads">Values of the input that are read to pack a pixel.</param>
    /// <param name="isOneGroup">False where the tiles read different input channels, so that threads share rows in any case.</param>
    /// <param name="part">The thread.</param>
    /// <param name="parts">Threads in all.</param>
    public PanelShare(PlaneGeometry geometry, int mostPixels, int tiles, int tileOutputs, int terms, int reads, bool isOneGroup, int part, int parts)
    {
        long Cost(int rows, int tiles)
        {
            long pixels = (long)rows * geometry.Width, outputs = (long)tiles * tileOutputs;
            return (PackCost * reads * pixels) + (terms * outputs * Math.Max(pixels, Share.LeastUsesOfWeight)) + (PlaneCost * outputs);
        }

        bool sharesTiles = isOneGroup && Cost(geometry.Height, Share.Parts(tiles, parts)) < Cost(Share.Parts(geometry.Height, parts), tiles);
        (FirstRow, EndRow) = sharesTiles ? (0, geometry.Height) : Share.Of(geometry.Height, part, parts);
        (FirstTile, EndTile) = sharesTiles ? Share.Of(tiles, part, parts) : (0, tiles);
        Rows = RowsOf(geometry, mostPixels, EndRow - FirstRow);
        Stride = StrideOf(geometry, Rows);
    }

    /// <summary>First row.</summary>
    public int FirstRow { get; }

    /// <summary>Row after the last.</summary>
    public int EndRow { get; }

    /// <summary>First tile.</summary>
    public int FirstTile { get; }

    /// <summary>Tile after the last.</summary>
    public int EndTile { get; }

    /// <summary>Rows of a block; the last may have fewer.</summary>
    public int Rows { get; }

    /// <summary>Floats from one row of the panel, all pixels of a block for one tap of one channel, to the next.</summary>
    public int Stride { get; }

    /// <summary>Bytes of scratch memory a thread for a panel of <paramref name="taps"/> rows and as many rows of sums.</summary>
    public static long ScratchBytes(PlaneGeometry geometry, int mostPixels, int taps, int sums) =>
        ((long)taps + sums) * StrideOf(geometry, Math.Max(1, Math.Min(mostPixels / geometry.Width, geometry.Height))) * sizeof(float);

    // Blocks of about equal size; of four rows each, so that vectors are full, whatever the width.
    private static int RowsOf(PlaneGeometry geometry, int mostPixels, int rows)
    {
        int most = Math.Max(1, mostPixels / geometry.Width);
        if (rows <= most) return Math.Max(rows, 1);
        int blocks = Share.Parts(rows, most);
        return Math.Min((Share.Parts(rows, blocks) + 3) / 4 * 4, most);
    }

    private static int StrideOf(PlaneGeometry geometry, int rows) => (((rows * geometry.Width) + 15) / 16 * 16) + Slack;
}

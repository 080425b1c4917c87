namespace Bitloom.Runtime.Kernels;

/// <summary>
/// What one thread does of a convolution by Winograd's method in two dimensions. Patches are squares of 4 x 4 pixels; a strip is a row of
/// them. Threads share strips or, where these do not come out even or are few, tiles of output channels: then each weight is read by one
/// thread, and every thread combines the input for itself. Strips come in blocks whose combined patches stay in the second-level cache; of a
/// wide image a block is a part of one strip.
/// </summary>
public readonly ref struct PatchShare
{
    /// <summary>Rows and columns of a patch.</summary>
    public const int Side = 4;

    // Combining the patches of the input costs about an eighth of what a tile of 64 outputs does with them.
    private const int TileCost = 8;

    // Floats between the end of one row of scratch memory and the next: what vectors write beyond it.
    private const int Slack = 16;

    /// <summary>Finds a thread's share.</summary>
    /// <param name="geometry">The image.</param>
    /// <param name="mostPatches">Patches of a block at most.</param>
    /// <param name="tiles">Tiles of output channels.</param>
    /// <param name="part">The thread.</param>
    /// <param name="parts">Threads in all.</param>
    /// <param name="canShareTiles">False where channels of several tiles are needed together.</param>
    public PatchShare(PlaneGeometry geometry, int mostPatches, int tiles, int part, int parts, bool canShareTiles)
    {
        int strips = CountOf(geometry.Height), inStrip = CountOf(geometry.Width);
        long Cost(long strips, long tiles) => (strips * inStrip) + (TileCost * tiles * Math.Max(strips * inStrip, Share.LeastUsesOfWeight));
        bool sharesTiles = canShareTiles && Cost(strips, Share.Parts(tiles, parts)) < Cost(Share.Parts(strips, parts), tiles);
        (FirstStrip, EndStrip) = sharesTiles ? (0, strips) : Share.Of(strips, part, parts);
        (FirstTile, EndTile) = sharesTiles ? Share.Of(tiles, part, parts) : (0, tiles);
        StripPatches = inStrip;
        Columns = ColumnsOf(StripPatches, mostPatches);
        Strips = Part(Math.Max(1, EndStrip - FirstStrip), Math.Max(1, mostPatches / StripPatches));
    }

    /// <summary>First strip.</summary>
    public int FirstStrip { get; }

    /// <summary>Strip after the last.</summary>
    public int EndStrip { get; }

    /// <summary>First tile.</summary>
    public int FirstTile { get; }

    /// <summary>Tile after the last.</summary>
    public int EndTile { get; }

    /// <summary>Strips of a block; the last may have fewer.</summary>
    public int Strips { get; }

    /// <summary>Patches of a strip; the last may reach over the border of the image.</summary>
    public int StripPatches { get; }

    /// <summary>Patches of a block's strips: all, or some of the only one; the last block of a strip may have fewer.</summary>
    public int Columns { get; }

    /// <summary>Patches of a block.</summary>
    public int Patches => Strips * Columns;

    /// <summary>Floats from one input channel's patches to the next's.</summary>
    public int Stride => StrideOf(Patches);

    /// <summary>Floats from one line of pixels, all strips of a block one after the other, to the next.</summary>
    public int Line => LineOf(Patches);

    /// <summary>Floats from every fourth column of all six lines, starting at one, to those starting at the next.</summary>
    public int PhaseStride => PhaseStrideOf(Patches);

    /// <summary>Floats from one output's sums to the next's.</summary>
    public int SumStride => SumStrideOf(Patches);

    /// <summary>Bytes of scratch memory a thread.</summary>
    /// <param name="geometry">The image.</param>
    /// <param name="mostPatches">Patches of a block at most.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels of a tile at most.</param>
    /// <param name="lanes">Output channels of a vector.</param>
    /// <param name="phases">Output channels that a pixel shuffle makes one of; 0 where none follows.</param>
    /// <param name="sliceInputs">Input channels whose weights are combined just before they are used; 0 where all are ready.</param>
    public static long ScratchBytes(PlaneGeometry geometry, int mostPatches, int inputs, int outputs, int lanes, int phases, int sliceInputs)
    {
        int strip = CountOf(geometry.Width), patches = Math.Clamp(mostPatches / strip, 1, CountOf(geometry.Height)) * ColumnsOf(strip, mostPatches);
        long combined = 36L * ((inputs * StrideOf(patches)) + Slack), products = 36L * patches * outputs, sums = (lanes * ((16L * patches) + SumStrideOf(patches))) + ((long)phases * SumStrideOf(patches));
        long kernels = sliceInputs > 0 ? 36L * ((sliceInputs * outputs) + Slack) : 0;
        return (combined + products + sums + kernels + (6 * LineOf(patches)) + (4 * PhaseStrideOf(patches)) + (2 * StrideOf(patches)) + LineOf(patches) + Slack) * sizeof(float);
    }

    /// <summary>
    /// Writes masks over the patches of a block whose strips begin at a column, all bits or none: first those that are not the first of the
    /// image's strip, then, a <see cref="Stride"/> on, those that are not the last.
    /// </summary>
    public unsafe void WriteEdges(float* edges, int column)
    {
        for (int patch = 0; patch < Patches; patch++)
        {
            int inStrip = column + (patch % Columns);
            ((uint*)edges)[patch] = inStrip == 0 ? 0 : uint.MaxValue;
            ((uint*)edges)[Stride + patch] = inStrip == StripPatches - 1 ? 0 : uint.MaxValue;
        }
    }

    private static int CountOf(int pixels) => Share.Parts(pixels, Side);

    // The size of these parts.
    private static int Part(int count, int most) => Share.Parts(count, Share.Parts(count, most));

    // The end of a row is stored in units of 8 pixels, two patches, so parts of a strip end there.
    private static int ColumnsOf(int strip, int mostPatches) => strip <= mostPatches ? strip : (Part(strip, Math.Max(1, mostPatches)) + 1) / 2 * 2;

    private static int StrideOf(int patches) => (patches + 15) / 16 * 16;

    // A part of a strip is read with the patch before and the one after.
    private static int LineOf(int patches) => (Side * (patches + 2)) + Slack;

    private static int PhaseStrideOf(int patches) => (6 * LineOf(patches) / Side) + (2 * Slack);

    private static int SumStrideOf(int patches) => (Side * Side * patches) + Slack;
}

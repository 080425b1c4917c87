namespace Bitloom.Runtime.Kernels;

/// <summary>
/// What one thread does of a convolution by Winograd's method in two dimensions. Patches are squares of 4 x 4 pixels; a strip is a row of
/// them. Threads share strips or, where these do not come out even or are few, tiles of output channels: then each weight is read by one
/// thread, and every thread combines the input for itself. Strips come in blocks whose combined patches stay in the second-level cache.
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
    /// <param name="mostPatches">Patches of a block at most, unless one strip has more.</param>
    /// <param name="tiles">Tiles of output channels.</param>
    /// <param name="part">The thread.</param>
    /// <param name="parts">Threads in all.</param>
    public PatchShare(PlaneGeometry geometry, int mostPatches, int tiles, int part, int parts)
    {
        int strips = CountOf(geometry.Height), stripsEach = (strips + parts - 1) / parts, tilesEach = (tiles + parts - 1) / parts;
        bool sharesTiles = strips * ((TileCost * tilesEach) + 1) < stripsEach * ((TileCost * tiles) + 1);
        (FirstStrip, EndStrip) = sharesTiles ? (0, strips) : Share.Of(strips, part, parts);
        (FirstTile, EndTile) = sharesTiles ? Share.Of(tiles, part, parts) : (0, tiles);
        StripPatches = CountOf(geometry.Width);
        int most = Math.Max(1, mostPatches / StripPatches), own = Math.Max(1, EndStrip - FirstStrip), blocks = (own + most - 1) / most;
        Strips = (own + blocks - 1) / blocks;
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

    /// <summary>Patches of a block.</summary>
    public int Patches => Strips * StripPatches;

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
    /// <param name="mostPatches">Patches of a block at most, unless one strip has more.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels of a tile at most.</param>
    /// <param name="lanes">Output channels of a vector.</param>
    public static long ScratchBytes(PlaneGeometry geometry, int mostPatches, int inputs, int outputs, int lanes)
    {
        int strip = CountOf(geometry.Width), patches = Math.Clamp(mostPatches / strip, 1, CountOf(geometry.Height)) * strip;
        long combined = 36L * ((inputs * StrideOf(patches)) + Slack), products = 36L * patches * outputs, sums = (long)lanes * ((16 * patches) + SumStrideOf(patches));
        return (combined + products + sums + (6 * LineOf(patches)) + (4 * PhaseStrideOf(patches)) + (2 * StrideOf(patches)) + geometry.Width + Slack) * sizeof(float);
    }

    /// <summary>
    /// Writes masks over the patches of a block, all bits or none: first those that are not the first of their strip, then, a
    /// <see cref="Stride"/> on, those that are not the last.
    /// </summary>
    public unsafe void WriteEdges(float* edges)
    {
        for (int patch = 0; patch < Patches; patch++)
        {
            ((uint*)edges)[patch] = patch % StripPatches == 0 ? 0 : uint.MaxValue;
            ((uint*)edges)[Stride + patch] = patch % StripPatches == StripPatches - 1 ? 0 : uint.MaxValue;
        }
    }

    private static int CountOf(int pixels) => (pixels + Side - 1) / Side;

    private static int StrideOf(int patches) => (patches + 15) / 16 * 16;

    private static int LineOf(int patches) => (Side * patches) + Slack;

    private static int PhaseStrideOf(int patches) => (6 * LineOf(patches) / Side) + (2 * Slack);

    private static int SumStrideOf(int patches) => (Side * Side * patches) + Slack;
}

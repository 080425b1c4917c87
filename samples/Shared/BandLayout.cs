namespace Samples;

/// <summary>A band of rows: what the session is given, and which of the results are kept.</summary>
/// <param name="WindowStart">First input row of the session's window.</param>
/// <param name="FirstRow">First input row whose result is kept.</param>
/// <param name="Rows">Input rows whose results are kept.</param>
public sealed record Band(int WindowStart, int FirstRow, int Rows);

/// <summary>
/// How a picture is cut into bands whose results equal those of the whole, but for rounding where Winograd's method takes part. All windows have the same height, so that one session
/// serves all; the first and last windows are moved inside the picture instead of growing or shrinking. Results nearer than the halo
/// to a window's edge are dropped, except at the picture's own edge, where the network's zero padding is what the whole has too.
/// </summary>
/// <remarks>
/// <code>
/// picture   |0                                          height|
/// window 1  |=================~~~~|                              = kept   ~ dropped: within the halo of an inner edge
/// window 2             |~~~~=========~~~~|
/// window 3                       |~~~~========================|
/// </code>
/// </remarks>
/// <param name="WindowRows">Input rows of every window.</param>
/// <param name="Bands">From the top; their kept rows follow one another without a gap.</param>
public sealed record BandLayout(int WindowRows, IReadOnlyList<Band> Bands)
{
    /// <summary>Cuts a picture.</summary>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="bandRows">Rows kept of an inner window, at most; the first and last also keep one halo of rows.</param>
    /// <param name="halo">Rows on each side that a row's result depends on.</param>
    public static BandLayout Of(int height, int bandRows, int halo)
    {
        long inner = (long)height - (2L * halo);
        if (inner <= bandRows) return new BandLayout(height, [new Band(0, 0, height)]);

        // As many bands as needed, and all about equally high.
        int count = (int)((inner + bandRows - 1) / bandRows);
        int windowRows = (int)((inner + count - 1) / count) + (2 * halo);
        var bands = new List<Band>(count);
        for (int first = 0; first < height;)
        {
            int window = Math.Clamp(first - halo, 0, height - windowRows);
            int end = window + windowRows == height ? height : window + windowRows - halo;
            bands.Add(new Band(window, first, end - first));
            first = end;
        }

        return new BandLayout(windowRows, bands);
    }

    /// <summary>The rows of a band for which a session of that width stays near a budget of memory; 16 at least.</summary>
    public static int RowsWithin(long budget, int width, long bytesPerPixel, int halo) =>
        (int)Math.Clamp((budget / (width * bytesPerPixel)) - (2 * halo), 16, 1 << 20);
}

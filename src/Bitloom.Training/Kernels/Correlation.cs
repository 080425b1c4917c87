namespace Bitloom.Training.Kernels;

/// <summary>What one weight reads: for output pixel (y, x) the pixel (y + Row, x + Column) of a source plane.</summary>
/// <param name="Plane">The source plane.</param>
/// <param name="Row">Vertical offset, of either sign.</param>
/// <param name="Column">Horizontal offset, of either sign.</param>
internal readonly record struct Tap(int Plane, int Row, int Column);

/// <summary>
/// The layout of a cross-correlation of stride 1, to which all convolutions and their gradients come down. Source planes are copied into
/// rows <see cref="Pitch"/> apart with zeros around them, so that a tap is an offset and no loop tests for borders:
/// <code>
///   0 0 0 0 0 0 0 0 0     Top rows of zeros
///   0 0 p p p p p p 0     a row: the gap (zeros, aligned), its pixels, and what taps read beyond them
///   0 0 p p p p p p 0
///   0 0 0 0 0 0 0 0 0     Bottom rows
/// </code>
/// Kernels compute 16 output pixels at a time. Where rows are whole vectors, vector n of the output is pixels 16 n and on of a dense
/// plane, and <see cref="Positions"/> says where its taps start. Otherwise vectors run on over the gaps, and the output has rows
/// <see cref="OutputPitch"/> apart whose gaps hold values of no meaning.
/// </summary>
internal sealed class Correlation
{
    /// <summary>Pixels a vector.</summary>
    internal const int Lanes = 16;

    private readonly int _left;

    /// <summary>Lays out a correlation.</summary>
    /// <param name="planes">Source planes.</param>
    /// <param name="rows">Rows of the output.</param>
    /// <param name="columns">Columns of the output.</param>
    /// <param name="taps">What each weight of an output channel reads, in the order of the weights.</param>
    internal Correlation(int planes, int rows, int columns, IReadOnlyList<Tap> taps)
    {
        (Planes, Rows, Columns) = (planes, rows, columns);
        Top = Math.Max(0, -taps.Min(t => t.Row));
        Bottom = Math.Max(0, taps.Max(t => t.Row));
        _left = Math.Max(0, -taps.Min(t => t.Column));
        Right = Math.Max(0, taps.Max(t => t.Column));
        IsDense = columns % Lanes == 0;
        Gap = IsDense ? RoundUp(_left + Right) : _left;
        Pitch = IsDense ? Gap + columns : _left + columns + Right;

        // The last vector and its taps may read past the last row. An odd number of cache lines keeps equal places of
        // neighbouring planes out of one another's cache sets.
        int size = RoundUp(((Top + rows + Bottom) * Pitch) + Gap + Right + Lanes);
        PlaneStride = size / Lanes % 2 == 0 ? size + Lanes : size;
        OutputPitch = IsDense ? columns : Pitch;
        Positions = IsDense
            ? [.. Enumerable.Range(0, rows).SelectMany(y => Enumerable.Range(0, columns / Lanes).Select(j => (y * Pitch) + (j * Lanes)))]
            : [.. Enumerable.Range(0, ((rows * Pitch) + Lanes - 1) / Lanes).Select(n => n * Lanes)];
        Offsets = [.. taps.Select(t => (t.Plane * PlaneStride) + ((Top + t.Row) * Pitch) + Gap + t.Column)];
    }

    /// <summary>Source planes.</summary>
    internal int Planes { get; }

    /// <summary>Rows of the output.</summary>
    internal int Rows { get; }

    /// <summary>Columns of the output.</summary>
    internal int Columns { get; }

    /// <summary>Rows above the first output row that taps read.</summary>
    internal int Top { get; }

    /// <summary>Rows below the last output row that taps read.</summary>
    internal int Bottom { get; }

    /// <summary>Columns right of the last output column that taps read.</summary>
    internal int Right { get; }

    /// <summary>Floats before the first pixel of a row.</summary>
    internal int Gap { get; }

    /// <summary>Floats from row to row of a source plane.</summary>
    internal int Pitch { get; }

    /// <summary>Floats from source plane to source plane.</summary>
    internal int PlaneStride { get; }

    /// <summary>True where output planes are dense.</summary>
    internal bool IsDense { get; }

    /// <summary>Floats from row to row of an output plane.</summary>
    internal int OutputPitch { get; }

    /// <summary>Where the taps of each output vector start, in floats of a source plane.</summary>
    internal int[] Positions { get; }

    /// <summary>For each weight, the floats from a position to what it reads.</summary>
    internal int[] Offsets { get; }

    /// <summary>Floats of the copied source planes.</summary>
    internal int SourceSize => (Planes * PlaneStride) + Lanes;

    /// <summary>Floats of an output plane that is not dense, or of a dense one.</summary>
    internal int OutputSize => Positions.Length * Lanes;

    /// <summary>Copies every <paramref name="strideX"/>th pixel of every <paramref name="strideY"/>th row of a dense plane into place.</summary>
    /// <param name="source">The plane, from the pixel on that becomes (0, 0).</param>
    /// <param name="sourceRows">Rows there are from that pixel on, at that stride.</param>
    /// <param name="sourceColumns">Columns there are from that pixel on, at that stride.</param>
    /// <param name="width">Floats from row to row of the source.</param>
    /// <param name="strideY">Vertical stride.</param>
    /// <param name="strideX">Horizontal stride.</param>
    /// <param name="target">The start of the source plane in this layout.</param>
    internal unsafe void CopyPlane(float* source, int sourceRows, int sourceColumns, int width, int strideY, int strideX, float* target)
    {
        int columns = Math.Min(sourceColumns, Columns + Right), blank = Columns + Right - columns;
        int firstAfter = (Top + Math.Min(sourceRows, Rows + Bottom)) * Pitch;

        // Where rows are dense, what taps read beyond a row lies at the start of the next row's gap.
        int gapStart = IsDense ? Right : 0;
        new Span<float>(target, (Top * Pitch) + gapStart).Clear();
        new Span<float>(target + firstAfter, PlaneStride - firstAfter).Clear();
        for (int at = Top * Pitch; at < firstAfter; at += Pitch, source += (nint)strideY * width)
        {
            float* row = target + at + Gap;
            new Span<float>(target + at + gapStart, Gap - gapStart).Clear();
            if (strideX == 1) new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(row, columns));
            else for (int i = 0; i < columns; i++) row[i] = source[(nint)i * strideX];
            new Span<float>(row + columns, blank).Clear();
        }
    }

    private static int RoundUp(int value) => (value + Lanes - 1) / Lanes * Lanes;
}

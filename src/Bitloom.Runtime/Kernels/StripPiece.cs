namespace Bitloom.Runtime.Kernels;

/// <summary>
/// The part of a run that lies in one strip. Kernels that make four rows at a time cut an image into strips of four rows and put the
/// strips one after the other on a line, with one column between that belongs to none and reads as zero; threads share runs of the line.
/// <code>
/// position   0 ... Width - 1   Width    Width + 1 ... 2 * Width
///            rows 0 to 3       between  rows 4 to 7               and so on
/// </code>
/// </summary>
public readonly struct StripPiece
{
    /// <summary>Rows of a strip.</summary>
    public const int StripRows = 4;

    /// <summary>Pixels of a run.</summary>
    public const int RunPixels = 64;

    private StripPiece(int row, int column, int rows, int pixels, int length) => (Row, Column, Rows, Pixels, Length) = (row, column, rows, pixels, length);

    /// <summary>First row of the strip; may lie outside the image.</summary>
    public int Row { get; }

    /// <summary>First pixel in a row.</summary>
    public int Column { get; }

    /// <summary>Rows of the strip that the image has.</summary>
    public int Rows { get; }

    /// <summary>Pixels of a row.</summary>
    public int Pixels { get; }

    /// <summary>Positions on the line: <see cref="Pixels"/>, and the column between two strips where the piece reaches to it.</summary>
    public int Length { get; }

    /// <summary>Runs that cover an image.</summary>
    public static int Runs(PlaneGeometry geometry) =>
        (int)((((long)Strips(geometry) * (geometry.Width + 1)) - 1 + RunPixels - 1) / RunPixels);

    /// <summary>The piece that starts at a position of the line, from -1.</summary>
    /// <param name="geometry">The image.</param>
    /// <param name="position">Where it starts.</param>
    /// <param name="most">Positions wanted at most.</param>
    public static StripPiece At(PlaneGeometry geometry, int position, int most)
    {
        int span = geometry.Width + 1, strip = ((position + span) / span) - 1, column = position - (strip * span);
        int length = Math.Min(most, span - column), rows = strip < 0 ? 0 : Math.Clamp(geometry.Height - (strip * StripRows), 0, StripRows);
        return new StripPiece(strip * StripRows, column, rows, Math.Min(length, geometry.Width - column), length);
    }

    private static int Strips(PlaneGeometry geometry) => (geometry.Height + StripRows - 1) / StripRows;
}

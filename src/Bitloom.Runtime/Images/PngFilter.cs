namespace Bitloom.Runtime.Images;

/// <summary>
/// The five row filters. Each predicts a byte from the byte <c>distance</c> to its left (a), the one above (b) and the one above
/// left (c), and stores the difference modulo 256. Bytes outside the picture are 0.
/// </summary>
internal static class PngFilter
{
    internal const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4;

    /// <summary>Turns a stored row into samples, in place. Returns false for a filter that does not exist.</summary>
    internal static bool TryRestore(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case None:
                break;
            case Sub:
                for (int i = distance; i < row.Length; i++) row[i] += row[i - distance];
                break;
            case Up:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                break;
            case Average:
                for (int i = 0; i < Math.Min(distance, row.Length); i++) row[i] += (byte)(above[i] >> 1);
                for (int i = distance; i < row.Length; i++) row[i] += (byte)((row[i - distance] + above[i]) >> 1);
                break;
            case Paeth:
                for (int i = 0; i < Math.Min(distance, row.Length); i++) row[i] += above[i];
                for (int i = distance; i < row.Length; i++) row[i] += Nearest(row[i - distance], above[i], above[i - distance]);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Filters a row and returns the sum of the differences' sizes, taken as signed: small sums compress well.</summary>
    internal static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> filtered)
    {
        above = above[..row.Length];
        filtered = filtered[..row.Length];
        int edge = Math.Min(distance, row.Length);
        switch (filter)
        {
            case None:
                row.CopyTo(filtered);
                break;
            case Sub:
                row[..edge].CopyTo(filtered);
                for (int i = edge; i < row.Length; i++) filtered[i] = (byte)(row[i] - row[i - distance]);
                break;
            case Up:
                for (int i = 0; i < row.Length; i++) filtered[i] = (byte)(row[i] - above[i]);
                break;
            case Average:
                for (int i = 0; i < edge; i++) filtered[i] = (byte)(row[i] - (above[i] >> 1));
                for (int i = edge; i < row.Length; i++) filtered[i] = (byte)(row[i] - ((row[i - distance] + above[i]) >> 1));
                break;
            default:
                for (int i = 0; i < edge; i++) filtered[i] = (byte)(row[i] - above[i]);
                for (int i = edge; i < row.Length; i++) filtered[i] = (byte)(row[i] - Nearest(row[i - distance], above[i], above[i - distance]));
                break;
        }

        long sum = 0;
        foreach (byte difference in filtered) sum += Math.Abs((int)(sbyte)difference);
        return sum;
    }

    // Paeth's predictor: of left, above and above left, the one nearest to left + above - above left; earlier ones win ties.
    private static byte Nearest(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft), toAbove = Math.Abs(left - aboveLeft), toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}

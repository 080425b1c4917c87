namespace Bitloom.Training.Ghosts;

/// <summary>
/// The offset by which an intrinsic channel comes nearest to one that was dropped. Moving what a filter makes is moving the filter: at offset
/// (r, c) the ghost is what w'[p, q] = w[p - r, q - c] makes. The squared distance to the dropped filter f is least where <c>sum of f * w'</c> is largest.
/// </summary>
internal static class FilterMatch
{
    private const int Side = 3, Taps = Side * Side, Centre = 4;

    /// <summary>The offset, as a place in a kernel of 3 x 3, whose middle is none: the best for all pairs together.</summary>
    /// <param name="pairs">A dropped filter and the intrinsic one that its ghost comes from: kernels of 3 x 3, one an input channel.</param>
    internal static int BestPlace(IReadOnlyList<(float[] Dropped, float[] Intrinsic)> pairs)
    {
        // The middle first, which wins where nothing is better.
        int best = Centre;
        double most = Product(pairs, Centre);
        for (int place = 0; place < Taps; place++)
        {
            double product = Product(pairs, place);
            if (product > most) (best, most) = (place, product);
        }

        return best;
    }

    private static double Product(IReadOnlyList<(float[] Dropped, float[] Intrinsic)> pairs, int place)
    {
        int rows = (place / Side) - 1, columns = (place % Side) - 1;
        double sum = 0;
        foreach ((float[] dropped, float[] intrinsic) in pairs)
            for (int i = 0; i < dropped.Length; i++)
            {
                int row = (i % Taps / Side) - rows, column = (i % Side) - columns;
                if (row is >= 0 and < Side && column is >= 0 and < Side) sum += (double)dropped[i] * intrinsic[(i / Taps * Taps) + (row * Side) + column];
            }

        return sum;
    }
}

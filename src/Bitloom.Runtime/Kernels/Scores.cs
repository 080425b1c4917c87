namespace Bitloom.Runtime.Kernels;

/// <summary>How gates choose.</summary>
public static unsafe class Scores
{
    /// <summary>Index of the largest of <paramref name="count"/> values <paramref name="stride"/> apart; the first of equals, 0 where none is larger than another.</summary>
    public static int IndexOfLargest(float* scores, nint stride, int count)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
            if (scores[i * stride] > scores[best * stride]) best = i;
        return best;
    }
}

using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>
/// k-means over the filters of a convolution (GhostSR, arXiv 2101.08525, section 3.3): filters that make nearly the same features fall into
/// one cluster, and the one nearest to the centre stands for it. Of several starts (k-means++; Arthur and Vassilvitskii, 2007) the one
/// with the least sum of squared distances counts.
/// </summary>
internal static class FilterClusters
{
    private const int Starts = 8, MostRounds = 100;

    /// <summary>The filter nearest to the centre of each cluster.</summary>
    /// <param name="filters">Filters as vectors of one length.</param>
    /// <param name="clusters">How many, 1 to the number of filters.</param>
    /// <param name="random">Where starts come from.</param>
    /// <returns>As many different filters as clusters, rising.</returns>
    internal static int[] Representatives(IReadOnlyList<float[]> filters, int clusters, CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, filters.Count);
        int[] best = [];
        double least = double.PositiveInfinity;
        for (int start = 0; start < Starts; start++)
        {
            double[][] centres = [.. Spread(filters, clusters, random).Select(i => ToDoubles(filters[i]))];
            int[] own = Settle(filters, centres);
            double sum = own.Select((cluster, i) => SquaredDistance(filters[i], centres[cluster])).Sum();
            if (sum >= least) continue;
            least = sum;
            best = [.. Enumerable.Range(0, clusters).Select(c => Members(own, c).MinBy(i => SquaredDistance(filters[i], centres[c])))];
        }

        Array.Sort(best);
        return best;
    }

    /// <summary>The square of the Euclidean distance.</summary>
    internal static double SquaredDistance(float[] filter, double[] centre)
    {
        double sum = 0;
        for (int i = 0; i < filter.Length; i++) sum += (filter[i] - centre[i]) * (filter[i] - centre[i]);
        return sum;
    }

    internal static double[] ToDoubles(float[] filter) => Array.ConvertAll(filter, v => (double)v);

    // k-means++: each further filter is drawn with a chance in proportion to its squared distance from those drawn before.
    private static List<int> Spread(IReadOnlyList<float[]> filters, int clusters, CounterRandom random)
    {
        var drawn = new List<int> { random.NextIndex(filters.Count) };
        double[] distance = [.. filters.Select(_ => double.PositiveInfinity)];
        while (drawn.Count < clusters)
        {
            double[] last = ToDoubles(filters[drawn[^1]]);
            for (int i = 0; i < filters.Count; i++) distance[i] = Math.Min(distance[i], SquaredDistance(filters[i], last));
            double mark = random.NextUniform() * distance.Sum();
            int next = 0;
            while (next < filters.Count - 1 && (mark -= distance[next]) >= 0) next++;

            // Equal filters have no distance left: any that was not drawn yet will do.
            if (drawn.Contains(next)) next = Enumerable.Range(0, filters.Count).First(i => !drawn.Contains(i));
            drawn.Add(next);
        }

        return drawn;
    }

    // Lloyd's rounds until no filter changes its cluster; returns each filter's.
    private static int[] Settle(IReadOnlyList<float[]> filters, double[][] centres)
    {
        int[] own = [];
        for (int round = 0; round < MostRounds; round++)
        {
            int[] nearest = [.. filters.Select(f => Enumerable.Range(0, centres.Length).MinBy(c => SquaredDistance(f, centres[c])))];
            FillEmpty(filters, centres, nearest);
            if (nearest.SequenceEqual(own)) break;
            own = nearest;
            for (int c = 0; c < centres.Length; c++) centres[c] = Mean(filters, Members(own, c));
        }

        return own;
    }

    // A cluster that lost all its filters takes the one that is farthest from its centre among those that do not stand alone.
    private static void FillEmpty(IReadOnlyList<float[]> filters, double[][] centres, int[] own)
    {
        for (int c = 0; c < centres.Length; c++)
        {
            if (own.Contains(c)) continue;
            int farthest = Enumerable.Range(0, own.Length).Where(i => own.Count(o => o == own[i]) > 1).MaxBy(i => SquaredDistance(filters[i], centres[own[i]]));
            own[farthest] = c;
        }
    }

    private static IEnumerable<int> Members(int[] own, int cluster) => Enumerable.Range(0, own.Length).Where(i => own[i] == cluster);

    private static double[] Mean(IReadOnlyList<float[]> filters, IEnumerable<int> members)
    {
        int[] all = [.. members];
        return [.. Enumerable.Range(0, filters[0].Length).Select(i => all.Average(m => (double)filters[m][i]))];
    }
}
